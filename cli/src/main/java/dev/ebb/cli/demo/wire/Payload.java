package dev.ebb.cli.demo.wire;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;

/// The bytes that requests and answers carry: both sides can compute them, so that the client can
/// tell a whole and correct answer from any other.
public final class Payload {
    /// Names the request; comes back in the answer.
    public static final String ID = "x-request-id";

    /// Which replica answered.
    public static final String ORIGIN = "x-origin";

    /// How many bytes of filler the client wants after the first line of the answer.
    public static final String SIZE = "demo-size";

    /// How many milliseconds the work takes.
    public static final String WORK = "demo-work-ms";

    private Payload() {}

    /// A body of this length that is not the same for two requests.
    public static byte[] body(String id, int length) {
        byte[] pattern = (id + "\n").getBytes(StandardCharsets.US_ASCII);
        byte[] body = new byte[length];
        for (int i = 0; i < length; i++) {
            body[i] = pattern[i % pattern.length];
        }
        return body;
    }

    /// The only correct answer to a request.
    public static byte[] answer(String id, String method, byte[] requestBody, int size) {
        CRC32 sum = new CRC32();
        sum.update(requestBody);
        String line =
                "id=%s method=%s bytes=%d crc=%08x\n"
                        .formatted(id, method, requestBody.length, sum.getValue());
        byte[] first = line.getBytes(StandardCharsets.US_ASCII);
        byte[] answer = new byte[first.length + size];
        System.arraycopy(first, 0, answer, 0, first.length);
        System.arraycopy(body(id, size), 0, answer, first.length, size);
        return answer;
    }

    /// The body as three chunks and the last one.
    public static byte[] chunked(byte[] body) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(body.length + 64);
        int third = body.length / 3 + 1;
        for (int at = 0; at < body.length; at += third) {
            int length = Math.min(third, body.length - at);
            out.writeBytes(
                    (Integer.toHexString(length) + "\r\n").getBytes(StandardCharsets.US_ASCII));
            out.write(body, at, length);
            out.writeBytes("\r\n".getBytes(StandardCharsets.US_ASCII));
        }
        out.writeBytes("0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        return out.toByteArray();
    }
}
