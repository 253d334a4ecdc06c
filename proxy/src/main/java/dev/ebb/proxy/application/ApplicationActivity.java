package dev.ebb.proxy.application;

/// What the proxy sees of the local application. Thread-safe.
public interface ApplicationActivity {

    /// Connections that are open between the application and this proxy, both directions.
    int connections();

    /// Outbound connections that the application has ever opened: a change is a sign of life.
    long outboundConnectionsEver();
}
