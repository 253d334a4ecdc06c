package dev.ebb.cli.inspect;

import dev.ebb.cli.terminal.Json;
import dev.ebb.cli.terminal.Table;
import dev.ebb.cli.terminal.Table.Column;
import dev.ebb.env.AddressText;
import dev.ebb.proto.destination.v1.EndpointsResponse;
import dev.ebb.proto.destination.v1.PublishedEndpoint;
import dev.ebb.proto.destination.v1.SocketAddress;
import java.util.List;
import java.util.Locale;

/// The endpoints of one destination, as a user reads them; the components name the JSON fields.
public record EndpointsReport(String destination, List<Line> endpoints) {
    /// One endpoint.
    public record Line(
            String address,
            String state,
            boolean meshed,
            String instance,
            String uid,
            String source) {}

    public static EndpointsReport of(String destination, EndpointsResponse answer) {
        return new EndpointsReport(
                destination,
                answer.getEndpointsList().stream().map(EndpointsReport::line).toList());
    }

    public String table() {
        Table table =
                new Table(
                        List.of(
                                Column.words("ADDRESS"),
                                Column.words("STATE"),
                                Column.words("MESHED"),
                                Column.words("INSTANCE"),
                                Column.words("SOURCE")));
        for (Line line : endpoints) {
            table.row(
                    line.address(),
                    line.state(),
                    line.meshed() ? "yes" : "no",
                    line.instance().isEmpty() ? "-" : line.instance(),
                    line.source());
        }
        return table.isEmpty() ? "%s has no endpoints.%n".formatted(destination) : table.text();
    }

    public String json() {
        return Json.line(this);
    }

    private static Line line(PublishedEndpoint published) {
        SocketAddress address = published.getEndpoint().getKey().getAddress();
        return new Line(
                AddressText.format(address.getIp(), address.getPort()),
                published.getEndpoint().getState().name().toLowerCase(Locale.ROOT),
                published.getEndpoint().getMeshed(),
                published.getInstanceName(),
                published.getEndpoint().getKey().getUid(),
                published.getSource());
    }
}
