package dev.ebb.proxy.outbound;

import dev.ebb.proxy.balance.Member;
import dev.ebb.proxy.http.ProxyError;
import dev.ebb.proxy.upstream.EndpointPool;
import org.jspecify.annotations.Nullable;

/// Finds the endpoint for each attempt of one request or opaque connection: enters the destination,
/// waits while nothing can be picked, picks.
final class Route implements Destination.Waiter {

    private final OutboundLoop loop;
    private final Resending resending;
    private final Traveller traveller;
    private final Patience patience;
    private @Nullable Destination destination;
    private boolean waits;

    Route(OutboundLoop loop, Resending resending, Traveller traveller) {
        this.loop = loop;
        this.resending = resending;
        this.traveller = traveller;
        patience = new Patience(loop.tick());
    }

    /// Who is on the way. Exactly one call follows each [#begin] and each [#next], possibly before
    /// it returns, unless [#end] comes first.
    interface Traveller {

        /// Try this endpoint.
        void tryAt(Destination to, Member<EndpointPool> member);

        /// There is none.
        void fail(ProxyError why);
    }

    /// Looks for the first endpoint.
    void begin(Target target) {
        destination = loop.destinations().enter(target);
        if (destination == null) {
            traveller.fail(new ProxyError.Overloaded(target.name() + ": too many destinations"));
        } else {
            next();
        }
    }

    /// Looks for another endpoint, after an attempt that did not deliver.
    void next() {
        Destination to = destination;
        if (to == null) {
            return;
        }
        switch (to.outlook()) {
            case UNKNOWN -> traveller.fail(new ProxyError.UnknownDestination(to.name().toString()));
            case MAY_COME -> await(to);
            case READY -> {
                Member<EndpointPool> member = to.pick(resending.tried());
                if (member == null || resending.isHandedBackByAll(to)) {
                    await(to);
                } else {
                    traveller.tryAt(to, member);
                }
            }
        }
    }

    private void await(Destination to) {
        ProxyError refusal = to.await(this, patience);
        if (refusal == null) {
            waits = true;
        } else {
            traveller.fail(refusal);
        }
    }

    @Override
    public void look() {
        waits = false;
        next();
    }

    @Override
    public void gaveUp(ProxyError why) {
        waits = false;
        traveller.fail(why);
    }

    /// Nothing is wanted any more; the destination that was used, null if none was.
    @Nullable Destination end() {
        Destination used = destination;
        destination = null;
        if (used != null) {
            if (waits) {
                used.forget(this);
            }
            used.leave();
        }
        return used;
    }
}
