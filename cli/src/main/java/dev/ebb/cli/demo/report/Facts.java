package dev.ebb.cli.demo.report;

import dev.ebb.cli.demo.load.RequestRecord;
import dev.ebb.cli.inspect.DeparturesReport.Departure;
import java.util.List;

/// All that is known of one scenario.
///
/// @param resent how many requests the client proxies say that they sent again
public record Facts(
        String scenario,
        List<RequestRecord> requests,
        List<OriginEntry> origins,
        List<Restart> restarts,
        List<Departure> departures,
        long resent) {
    public Facts {
        requests = List.copyOf(requests);
        origins = List.copyOf(origins);
        restarts = List.copyOf(restarts);
        departures = List.copyOf(departures);
    }
}
