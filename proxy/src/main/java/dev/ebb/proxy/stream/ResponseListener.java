package dev.ebb.proxy.stream;

/// Hears what the upstream leg receives: `informational* head data* (end | reset)`.
public interface ResponseListener extends StreamListener {

    /// An interim response (1xx other than 101).
    void informational(ResponseHead head);

    /// The final head. A 101, or a 2xx to a CONNECT, turns both directions into raw bytes.
    void head(ResponseHead head);
}
