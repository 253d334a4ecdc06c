package dev.ebb.proxy.departure;

import dev.ebb.proxy.departure.DepartureState.Unconfirmed;
import java.time.Duration;
import java.util.List;

/// Writes down what a departure wants of the world, in order.
///
/// @param effects a line each
record RecordedEffects(List<String> effects) implements DepartureCore.Effects {

    @Override
    public void announce(Cause cause, Duration grace) {
        effects.add("announce " + cause + " " + grace);
    }

    @Override
    public void ask() {
        effects.add("ask");
    }

    @Override
    public void withdraw() {
        effects.add("withdraw");
    }

    @Override
    public void changed(DepartureState before, DepartureState now) {
        boolean answered = now instanceof Unconfirmed doubt && doubt.answered().isPresent();
        effects.add(now.label() + (answered ? " answered" : ""));
    }
}
