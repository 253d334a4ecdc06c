package dev.ebb.controlplane.cluster;

import java.util.concurrent.CompletionStage;

/// Tells from a token whose it is. Thread-safe, never blocks.
public interface Identities {

    /// The uid of the instance that the token was given to. Fails with a [NotIdentifiedException]
    /// if the token is nobody's, with anything else if it could not be found out.
    CompletionStage<String> uidOf(String token);
}
