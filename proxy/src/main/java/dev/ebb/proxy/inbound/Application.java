package dev.ebb.proxy.inbound;

import dev.ebb.proxy.upstream.EndpointPool;
import dev.ebb.proxy.upstream.KeptWhileUsed;

/// One address of the local application, as one event loop uses it: its connections, and how many
/// downstream connections are for it.
record Application(EndpointPool pool, KeptWhileUsed.Users users) implements KeptWhileUsed.Kept {

    @Override
    public void close() {
        pool.close();
    }
}
