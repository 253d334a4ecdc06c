package dev.ebb.controlplane.registry;

import dev.ebb.controlplane.model.Address;
import dev.ebb.controlplane.model.DestinationName;
import dev.ebb.controlplane.model.Registry;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// The registry file's shape, as its reader binds it.
///
/// @param services by the name that clients ask for
record RegistryFile(@Nullable Map<DestinationName, @Nullable Service> services) {

    /// The values that the index takes. A service without endpoints is a known emptiness.
    Registry toModel() {
        Map<DestinationName, List<Registry.Listed>> model = new LinkedHashMap<>();
        if (services != null) {
            services.forEach((name, service) ->
                    model.put(name, service == null ? List.of() : service.listed()));
        }
        return new Registry(model);
    }

    /// One destination.
    record Service(@Nullable List<Entry> endpoints) {

        List<Registry.Listed> listed() {
            return endpoints == null ? List.of() : endpoints.stream().map(Entry::listed).toList();
        }
    }

    /// One endpoint.
    ///
    /// @param meshed whether an Ebb proxy answers there; false unless told
    record Entry(@Nullable Address address, boolean meshed) {

        Entry {
            if (address == null) {
                throw new IllegalArgumentException(
                        "an endpoint without an address (expected: ip:port)");
            }
        }

        Registry.Listed listed() {
            return new Registry.Listed(Objects.requireNonNull(address), meshed);
        }
    }
}
