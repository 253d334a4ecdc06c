package dev.ebb.controlplane;

import dev.ebb.controlplane.cluster.Cluster;
import dev.ebb.controlplane.grpc.Authentication;
import dev.ebb.controlplane.grpc.SingleWriter;
import dev.ebb.controlplane.index.Index;
import dev.ebb.controlplane.index.IndexEvents;
import dev.ebb.controlplane.registry.RegistryException;
import java.util.Map;

/// What makes one control plane differ from another: where its endpoints come from, and how it
/// knows who calls.
interface Source extends AutoCloseable {

    /// What the index asks.
    Cluster cluster();

    /// What control streams have to show.
    Authentication authentication();

    /// Does with events what is particular to the source, and passes them on.
    IndexEvents events(IndexEvents next);

    /// Starts to tell the index, on its writer.
    ///
    /// @param synced is to be called on the writer, once, when everything has been told
    void start(Index index, SingleWriter writer, Runnable synced) throws RegistryException;

    /// Tells the index nothing more. It may ask on.
    void stop();

    /// Ends it. Nobody asks any more.
    @Override
    void close();

    /// For `GET /config`; without secrets.
    Map<String, Object> describe();
}
