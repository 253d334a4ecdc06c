package dev.ebb.controlplane.model;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// One whole state of the registry file: destinations whose endpoints nobody registers.
public record Registry(Map<DestinationName, List<Listed>> services) {
    /// What a control plane without a registry file has.
    public static final Registry EMPTY = new Registry(Map.of());

    public Registry {
        Map<DestinationName, List<Listed>> copy = new LinkedHashMap<>();
        services.forEach((name, endpoints) -> copy.put(name, List.copyOf(endpoints)));
        services = Collections.unmodifiableMap(copy);
    }

    /// One endpoint of a destination.
    public record Listed(Address address, boolean meshed) {}
}
