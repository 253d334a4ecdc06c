package dev.ebb.proxy.balance;

/// One endpoint among those that a [Balancer] picks from.
///
/// @param <P> what the owner keeps for each endpoint: its connections
public final class Member<P> {

    private final PeakEwma load;
    private final P pool;
    private Endpoint endpoint;

    Member(Endpoint endpoint, P pool, long now) {
        this.endpoint = endpoint;
        this.pool = pool;
        this.load = new PeakEwma(now);
    }

    /// The endpoint in its present state.
    public Endpoint endpoint() {
        return endpoint;
    }

    /// What it costs to use it.
    public PeakEwma load() {
        return load;
    }

    /// Its connections.
    public P pool() {
        return pool;
    }

    void update(Endpoint next) {
        endpoint = next;
    }
}
