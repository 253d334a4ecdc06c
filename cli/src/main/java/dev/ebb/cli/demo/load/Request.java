package dev.ebb.cli.demo.load;

import dev.ebb.cli.demo.wire.Payload;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// One request of the load.
///
/// @param id unique within all that origins record
/// @param bytes the length of its body
/// @param answerSize the length of the filler that it asks for
/// @param workMillis how long the service shall take
public record Request(
        String id, Method method, Framing framing, int bytes, int answerSize, int workMillis) {

    public enum Method {
        GET,
        POST
    }

    /// How the message says where its body ends.
    public enum Framing {
        LENGTH,
        CHUNKED
    }

    private record Shape(Method method, Framing framing, int bytes, int answerSize) {}

    /// Even answer sizes come with a length, odd ones in chunks. Bodies over 64 KiB are more than a
    /// proxy keeps in order to send them again.
    private static final List<Shape> SHAPES =
            List.of(
                    new Shape(Method.GET, Framing.LENGTH, 0, 0),
                    new Shape(Method.POST, Framing.LENGTH, 10, 64),
                    new Shape(Method.GET, Framing.LENGTH, 0, 1025),
                    new Shape(Method.POST, Framing.CHUNKED, 3_000, 101),
                    new Shape(Method.GET, Framing.LENGTH, 0, 32_768),
                    new Shape(Method.POST, Framing.LENGTH, 4_096, 0),
                    new Shape(Method.GET, Framing.LENGTH, 0, 20_001),
                    new Shape(Method.POST, Framing.LENGTH, 100_000, 10),
                    new Shape(Method.GET, Framing.LENGTH, 0, 512),
                    new Shape(Method.POST, Framing.CHUNKED, 48_000, 4_096));

    /// The request of this number: half GET, half POST, every twentieth with slow work.
    public static Request numbered(String run, long number) {
        Shape shape = SHAPES.get((int) (number / 2 % SHAPES.size()));
        int work = number % 20 < 2 ? 150 : (int) (number % 5);
        return new Request(
                "%s-%06d".formatted(run, number),
                shape.method(),
                shape.framing(),
                shape.bytes(),
                shape.answerSize(),
                work);
    }

    byte[] encode(String authority) {
        byte[] body = Payload.body(id, bytes);
        String frame =
                switch (framing) {
                    case CHUNKED -> "Transfer-Encoding: chunked\r\n";
                    case LENGTH -> method == Method.GET ? "" : "Content-Length: " + bytes + "\r\n";
                };
        String head =
                "%s /item HTTP/1.1\r\nHost: %s\r\n%s: %s\r\n%s: %d\r\n%s: %d\r\n%s\r\n"
                        .formatted(
                                method,
                                authority,
                                Payload.ID,
                                id,
                                Payload.SIZE,
                                answerSize,
                                Payload.WORK,
                                workMillis,
                                frame);
        ByteArrayOutputStream out = new ByteArrayOutputStream(head.length() + bytes + 64);
        out.writeBytes(head.getBytes(StandardCharsets.US_ASCII));
        out.writeBytes(framing == Framing.CHUNKED ? Payload.chunked(body) : body);
        return out.toByteArray();
    }

    byte[] expectedAnswer() {
        return Payload.answer(id, method.name(), Payload.body(id, bytes), answerSize);
    }
}
