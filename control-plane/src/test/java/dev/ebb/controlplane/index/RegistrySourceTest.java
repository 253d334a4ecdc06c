package dev.ebb.controlplane.index;

import static dev.ebb.controlplane.index.Mesh.API;
import static dev.ebb.controlplane.index.Mesh.WEB;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ebb.controlplane.model.Address;
import dev.ebb.controlplane.model.DestinationName;
import dev.ebb.controlplane.model.PublishedEndpoint;
import dev.ebb.controlplane.model.Registry;
import dev.ebb.controlplane.model.Served;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.assertj.core.groups.Tuple;
import org.junit.jupiter.api.Test;

/// Endpoints of the registry file, alone and beside registrations.
class RegistrySourceTest {
    private static final Address DATABASE = new Address("10.0.0.9", 5432);

    private final Mesh mesh = Mesh.warm();

    @Test
    void editsArePublishedAtOnce() throws Exception {
        FakeProxy client = mesh.proxy("client").subscribes(1, WEB);

        mesh.index.registry(listing(WEB, DATABASE));

        assertThat(client.stream.view(1).endpoints).hasSize(1);

        mesh.index.registry(Registry.EMPTY);

        assertThat(client.stream.view(1).endpoints).isEmpty();
    }

    @Test
    void serviceWithoutEndpointsIsAKnownEmptiness() throws Exception {
        mesh.index.registry(new Registry(Map.of(WEB, List.of())));

        FakeProxy client = mesh.proxy("client").subscribes(1, WEB);

        assertThat(client.stream.view(1).known).isTrue();
        assertThat(client.stream.view(1).endpoints).isEmpty();
    }

    @Test
    void addressThatIsListedAndRegisteredIsOneEndpoint() throws Exception {
        FakeProxy web = mesh.proxy("web-1");
        mesh.index.registry(listing(WEB, web.address));
        FakeProxy client = mesh.proxy("client").subscribes(1, WEB).applies(1);

        web.serves(WEB);

        assertThat(client.stream.view(1).endpoints).hasSize(1);
        assertThat(client.stream.view(1).holdsReady("web-1")).isTrue();
    }

    @Test
    void listedAddressLeavesWithTheInstanceThatRegisteredIt() throws Exception {
        FakeProxy web = mesh.proxy("web-1").serves(WEB);
        mesh.index.registry(listing(API, web.address, DATABASE));
        FakeProxy client = mesh.proxy("client").subscribes(1, API).applies(1);

        web.leaves();

        assertThat(client.stream.view(1).holdsLeaving("web-1")).isTrue();
        assertThat(mesh.report(web).status().waiting()).isEqualTo(1);

        client.applies(1);
        web.sendsLedger();
        web.disconnects();

        assertThat(client.stream.view(1).endpoints.keySet())
                .as("the file does not bring it back")
                .extracting(key -> key.address())
                .containsExactly(DATABASE);
    }

    @Test
    void listedAddressComesBackWithTheNextInstance() throws Exception {
        FakeProxy web = mesh.proxy("web-1").serves(WEB);
        mesh.index.registry(listing(API, web.address));
        FakeProxy client = mesh.proxy("client").subscribes(1, API);
        web.leaves();
        web.sendsLedger();
        web.disconnects();

        FakeProxy next = mesh.proxy("web-2");
        mesh.index.register(next.connection, List.of(new Served(WEB, web.address, true)));

        assertThat(client.stream.view(1).holdsReady("web-2")).isTrue();
    }

    @Test
    void inspectionTellsTheSource() throws Exception {
        mesh.index.registry(listing(WEB, DATABASE));
        mesh.proxy("web-1").serves(WEB);

        List<PublishedEndpoint> endpoints = mesh.index.endpoints(WEB).orElseThrow();

        assertThat(endpoints)
                .extracting(PublishedEndpoint::instanceName, PublishedEndpoint::source)
                .containsExactly(
                        Tuple.tuple("registry:10.0.0.9:5432", PublishedEndpoint.Source.REGISTRY),
                        Tuple.tuple("web-1", PublishedEndpoint.Source.REGISTERED));
        assertThat(mesh.index.endpoints(API)).isEmpty();
    }

    private static Registry listing(DestinationName destination, Address... addresses) {
        return new Registry(
                Map.of(
                        destination,
                        Arrays.stream(addresses)
                                .map(address -> new Registry.Listed(address, true))
                                .toList()));
    }
}
