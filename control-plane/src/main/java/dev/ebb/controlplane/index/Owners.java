package dev.ebb.controlplane.index;

import dev.ebb.controlplane.model.Address;
import dev.ebb.controlplane.model.Phase;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/// Which instance an address belongs to that the registry file lists: the one that registered it
/// last.
///
/// So an address that is listed and registered is one endpoint, and it leaves with its instance. An
/// instance that has departed keeps its listed addresses until another one registers them or the
/// file lists them no more; otherwise the file would bring back what has just been taken away.
final class Owners {
    /// What the uids of addresses start with that only the registry file knows.
    static final String REGISTRY_UID = "registry:";

    private final Map<Address, String> owners = new HashMap<>();
    private final Map<String, Set<Address>> registered = new HashMap<>();
    private final Map<Address, Set<Destination>> listings = new HashMap<>();

    String of(Address address) {
        return owners.getOrDefault(address, REGISTRY_UID + address);
    }

    /// Where the registry file lists the address.
    Set<Destination> listings(Address address) {
        return listings.getOrDefault(address, Set.of());
    }

    void registered(String uid, Address address) {
        owners.put(address, uid);
        registered.computeIfAbsent(uid, _ -> new LinkedHashSet<>()).add(address);
    }

    Set<Address> registeredBy(String uid) {
        return registered.getOrDefault(uid, Set.of());
    }

    /// Ends the registration of an instance.
    void unregistered(String uid, Phase phase) {
        Set<Address> addresses = registeredBy(uid);
        registered.remove(uid);
        for (Address address : addresses) {
            if (phase == Phase.SERVING || !listings.containsKey(address)) {
                owners.remove(address, uid);
            }
        }
    }

    /// Starts over with what the registry file lists; calls to [#listed] follow.
    void unlistAll() {
        listings.clear();
    }

    void listed(Address address, Destination destination) {
        listings.computeIfAbsent(address, _ -> new LinkedHashSet<>()).add(destination);
    }

    /// Forgets departed owners of addresses that are listed no more; the calls to [#listed] are
    /// over.
    void forgetUnlisted() {
        owners.entrySet()
                .removeIf(owner ->
                        !listings.containsKey(owner.getKey())
                                && !registered.containsKey(owner.getValue()));
    }
}
