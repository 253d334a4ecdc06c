package dev.ebb.proxy.http1;

import static dev.ebb.proxy.http1.ClientFixture.bytes;
import static dev.ebb.proxy.testing.Wire.head;
import static dev.ebb.proxy.testing.Wire.lines;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ebb.proxy.stream.RequestHead;
import dev.ebb.proxy.stream.ResponseHead;
import dev.ebb.proxy.stream.StreamReset;
import dev.ebb.proxy.testing.NoLeaks;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.EmptyHttpHeaders;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponseStatus;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/// Upgrades and CONNECT: what was HTTP/1 becomes bytes, with two halves.
@ExtendWith(NoLeaks.class)
class Http1RawTest {

    private static final String UPGRADE =
            head("GET /ws HTTP/1.1", "Host: w", "Connection: Upgrade", "Upgrade: websocket");
    private static final String SWITCH =
            head("HTTP/1.1 101 Switching Protocols", "Connection: Upgrade", "Upgrade: websocket");

    private final ServerFixture server = new ServerFixture();
    private final ClientFixture client = new ClientFixture();

    @AfterEach
    void close() {
        server.close();
        client.close();
    }

    @Test
    void upgradeIsAskedForWithItsHopFieldsMadeAnew() {
        server.channel.send(UPGRADE);
        RequestHead head = server.only().head();
        assertThat(head.headers().contains("connection")).isFalse();

        client.open(head);

        assertThat(client.channel.received())
                .contains("Upgrade: websocket\r\n")
                .contains("connection: upgrade\r\n");
    }

    @Test
    void acceptedUpgradeOpensBytesOnTheServerSide() {
        server.channel.send(UPGRADE + "early");
        server.only().stream().head(switching());
        assertThat(server.channel.received())
                .startsWith("HTTP/1.1 101 ")
                .contains("connection: upgrade\r\n");

        server.channel.send(" more");
        server.only().data("back");

        assertThat(server.only().events()).containsExactly("GET /ws", "end []", "data early more");
        assertThat(server.channel.received()).isEqualTo("back");
    }

    @Test
    void eachHalfOfAnUpgradedServerConnectionEndsByItself() {
        server.channel.send(UPGRADE);
        server.only().stream().head(switching());
        server.channel.received();

        server.channel.peerFinishes();
        assertThat(server.only().events()).containsExactly("GET /ws", "end []", "end []");
        server.only().data("still");
        assertThat(server.channel.received()).isEqualTo("still");
        server.only().end();
        server.channel.turn();

        assertThat(server.channel.isOpen()).isFalse();
        assertThat(server.channel.isReset()).isFalse();
    }

    @Test
    void refusedUpgradeKeepsTheConnection() {
        server.channel.send(UPGRADE);

        server.only().answer(400, "no");

        assertThat(server.channel.received()).startsWith("HTTP/1.1 400").endsWith("no");
        server.channel.send(head("GET / HTTP/1.1", "Host: w"));
        assertThat(server.exchanges).hasSize(2);
    }

    @Test
    void acceptedUpgradeOpensBytesOnTheClientSide() {
        RecordedResponse response = upgrade();
        client.channel.send(SWITCH + "early");
        assertThat(response.events).containsExactly("101", "data early");
        assertThat(client.unavailable).isEqualTo(1);

        response.stream().data(bytes("raw"));
        response.stream().end(EmptyHttpHeaders.INSTANCE);

        assertThat(client.channel.received()).endsWith("raw");
        assertThat(client.channel.isOutputShutdown()).isTrue();
        client.channel.send("last");
        client.channel.peerFinishes();
        assertThat(response.events).containsExactly("101", "data earlylast", "end []");
        assertThat(client.channel.isOpen()).isFalse();
    }

    @Test
    void connectOpensBytesWithAny2xx() {
        RecordedResponse response =
                client.open(ClientFixture.head(HttpMethod.CONNECT, "db.demo:5432", 0));

        client.channel.send(head("HTTP/1.1 204 Fine") + "hello");

        assertThat(response.events).containsExactly("204", "data hello");
        response.stream().data(bytes("raw"));
        assertThat(client.channel.received()).endsWith("raw");
    }

    @Test
    void connectThatIsRefusedIsAnOrdinaryAnswer() {
        RecordedResponse response =
                client.open(ClientFixture.head(HttpMethod.CONNECT, "db.demo:5432", 0));

        client.channel.send(lines("HTTP/1.1 403 No", "Content-Length: 2", "", "no"));

        assertThat(response.events).containsExactly("403", "data no", "end []");
        assertThat(client.available).isEqualTo(1);
    }

    @Test
    void connectIsAnsweredWithoutFraming() {
        server.channel.send(head("CONNECT db.demo:5432 HTTP/1.1", "Host: db.demo:5432") + "hi");
        assertThat(server.only().head().authority()).isEqualTo("db.demo:5432");

        server.only().begin(200);

        assertThat(server.channel.received()).isEqualTo(head("HTTP/1.1 200 OK"));
        assertThat(server.only().body()).isEqualTo("hi");
    }

    @Test
    void upgradeToHttp2IsNotRelayed() {
        server.channel.send(
                head(
                        "GET / HTTP/1.1",
                        "Host: w",
                        "Connection: Upgrade, HTTP2-Settings",
                        "Upgrade: h2c",
                        "HTTP2-Settings: AAMAAABk"));

        assertThat(server.only().head().headers().names()).containsExactly("Host");
    }

    @Test
    void upgradeBesideABodyIsNotRelayed() {
        server.channel.send(
                lines(
                        "POST / HTTP/1.1",
                        "Host: w",
                        "Connection: Upgrade",
                        "Upgrade: x",
                        "Content-Length: 2",
                        "",
                        "ab"));

        assertThat(server.only().head().headers().contains("upgrade")).isFalse();
        assertThat(server.only().body()).isEqualTo("ab");
    }

    @Test
    void resetOfOneLegResetsTheOther() {
        server.channel.send(UPGRADE);
        server.only().stream().head(switching());
        server.channel.received();
        RecordedResponse response = upgrade();
        client.channel.send(SWITCH);

        var _ = server.channel.close();
        response.stream().reset(new StreamReset(StreamReset.Cause.PEER_CLOSED, "test"));

        assertThat(server.only().resetCause()).isEqualTo(StreamReset.Cause.PEER_CLOSED);
        assertThat(client.channel.isReset()).isTrue();
    }

    private RecordedResponse upgrade() {
        RequestHead head = ClientFixture.head(HttpMethod.GET, "/ws", 0);
        head.headers().set("upgrade", "websocket");
        return client.open(head);
    }

    private static ResponseHead switching() {
        HttpHeaders headers = new DefaultHttpHeaders().set("upgrade", "websocket");
        return new ResponseHead(
                HttpResponseStatus.SWITCHING_PROTOCOLS, headers, RequestHead.UNKNOWN_LENGTH);
    }
}
