package dev.ebb.controlplane.index;

import dev.ebb.controlplane.model.DepartureReport;
import dev.ebb.controlplane.model.DestinationName;
import dev.ebb.controlplane.model.Instance;
import java.time.Duration;

/// What happened, for logs and metrics. Called on the index's writer.
public interface IndexEvents {

    /// An instance began to leave.
    void departureBegan(DepartureReport departure);

    /// Nobody holds the instance as pickable any more.
    void departureReleased(DepartureReport departure, Duration held);

    /// The one record of a departure.
    void departureEnded(DepartureReport departure);

    /// A subscriber's lease ended before it had applied the removal of `departing`.
    void voteLapsed(Instance subscriber, DestinationName destination, Instance departing);

    /// An acknowledgement was ignored: never sent, already overtaken, or of no subscription.
    void ackIgnored(Instance subscriber);
}
