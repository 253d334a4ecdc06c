package dev.ebb.cli.demo;

import dev.ebb.cli.demo.load.Caller;
import dev.ebb.cli.demo.report.Restart;
import dev.ebb.cli.inspect.DeparturesReport.Departure;
import java.util.List;

/// The service with its replicas and clients, in one scenario. Used by one thread.
interface Stage extends AutoCloseable {
    /// Starts everything; returns when every caller would be served.
    void start() throws InterruptedException;

    List<Caller> callers();

    /// Replaces one replica: tells it to leave, waits until it has gone, and then starts its
    /// replacement (surge 0, the harder way: there is no spare replica meanwhile). Returns when the
    /// replacement serves.
    Restart replace(int position) throws InterruptedException;

    /// The departures of all replicas that were replaced, and whatever else is evidence.
    List<Departure> collect() throws InterruptedException;

    @Override
    void close();
}
