package dev.ebb.controlplane.registry;

import dev.ebb.controlplane.model.Address;
import dev.ebb.controlplane.model.DestinationName;
import dev.ebb.controlplane.model.Registry;
import java.lang.reflect.RecordComponent;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.databind.DatabindException;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.KeyDeserializer;
import tools.jackson.databind.ValueDeserializer;
import tools.jackson.databind.exc.MismatchedInputException;
import tools.jackson.databind.exc.ValueInstantiationException;
import tools.jackson.databind.module.SimpleModule;
import tools.jackson.dataformat.yaml.YAMLFactory;
import tools.jackson.dataformat.yaml.YAMLMapper;
import tools.jackson.dataformat.yaml.YAMLParser;

/// Reads the registry file's YAML: all of it or nothing.
///
/// Aliases, anchors and tags are refused: a small file could unfold into a huge one, and nobody
/// needs them here. So are keys that occur twice or that nobody knows.
final class RegistryReader {
    /// Bounds the work that one file can make.
    static final int MAX_BYTES = 1024 * 1024;

    static final int MAX_SERVICES = 1_000;
    static final int MAX_ENDPOINTS = 10_000;

    private static final int DEPTH_OF_NAMES = 2;
    private static final int DEPTH_OF_SERVICE = 3;
    private static final int DEPTH_OF_ENTRY = 4;
    private static final String ADDRESS = "address";
    private static final String AN_ENDPOINT = "an endpoint, such as address: 10.0.0.1:5432";

    private final YAMLMapper mapper =
            YAMLMapper.builder(
                            YAMLFactory.builder()
                                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                                    .build())
                    .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                    .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                    .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
                    .disable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
                    .addModule(
                            new SimpleModule()
                                    .addDeserializer(Address.class, new AddressReader())
                                    .addKeyDeserializer(
                                            DestinationName.class, new DestinationReader()))
                    .build();

    private final Path file;

    /// @param file for messages only
    RegistryReader(Path file) {
        this.file = file;
    }

    Registry read(byte[] content) throws RegistryException {
        if (content.length > MAX_BYTES) {
            throw new RegistryException(
                    "%s: more than %d bytes (expected: at most that)".formatted(file, MAX_BYTES));
        }
        String yaml = decode(content);
        try {
            List<Integer> lines = refuseWhatIsNotPlain(yaml);
            RegistryFile parsed = mapper.readValue(yaml, RegistryFile.class);
            Registry registry = parsed == null ? Registry.EMPTY : parsed.toModel();
            checkSizes(registry.services());
            refuseDuplicates(registry.services(), lines);
            return registry;
        } catch (JacksonException e) {
            throw new RegistryException(describe(e));
        }
    }

    private String decode(byte[] content) throws RegistryException {
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(content)).toString();
        } catch (CharacterCodingException e) {
            throw new RegistryException("%s: not UTF-8 (expected: YAML in UTF-8)".formatted(file));
        }
    }

    /// Looks at every token: binding would resolve or drop what is refused here, or lose its line.
    ///
    /// @return the line of each endpoint's address, in the order of the file
    private List<Integer> refuseWhatIsNotPlain(String yaml) throws RegistryException {
        List<Integer> addresses = new ArrayList<>();
        Set<DestinationName> destinations = new HashSet<>();
        try (YAMLParser tokens = (YAMLParser) mapper.createParser(yaml)) {
            int objects = 0;
            int arrays = 0;
            boolean isOver = false;
            for (JsonToken token = tokens.nextToken(); token != null; token = tokens.nextToken()) {
                if (isOver) {
                    throw refused(tokens, "a second document (expected: one)");
                }
                refuseReference(tokens);
                switch (token) {
                    case START_OBJECT -> objects++;
                    case END_OBJECT -> objects--;
                    case START_ARRAY -> arrays++;
                    case END_ARRAY -> arrays--;
                    case PROPERTY_NAME -> {
                        refuseUnknown(tokens, objects);
                        if (objects == DEPTH_OF_NAMES) {
                            refuseSecondSpelling(tokens, destinations);
                        }
                        if (objects == DEPTH_OF_ENTRY && tokens.currentName().equals(ADDRESS)) {
                            addresses.add(tokens.currentTokenLocation().getLineNr());
                        }
                    }
                    case VALUE_NULL -> refuseEmptyItem(tokens, objects);
                    default -> {}
                }
                isOver = objects == 0 && arrays == 0;
            }
            if (!isOver) {
                throw new RegistryException("%s: empty (expected: services)".formatted(file));
            }
        }
        return addresses;
    }

    private void refuseReference(YAMLParser tokens) throws RegistryException {
        if (tokens.isCurrentAlias() || tokens.getObjectId() != null) {
            throw refused(tokens, "an alias or anchor (expected: plain values)");
        }
        if (tokens.getRawTag() != null) {
            throw refused(tokens, "a tag (expected: plain values)");
        }
    }

    /// @param depth of objects within each other, counted from 1
    private void refuseUnknown(YAMLParser tokens, int depth) throws RegistryException {
        if (depth == DEPTH_OF_NAMES) {
            return;
        }
        Class<?> shape =
                depth == 1
                        ? RegistryFile.class
                        : depth == DEPTH_OF_SERVICE
                                ? RegistryFile.Service.class
                                : RegistryFile.Entry.class;
        List<String> known =
                Arrays.stream(shape.getRecordComponents()).map(RecordComponent::getName).toList();
        if (!known.contains(tokens.currentName())) {
            throw refused(
                    tokens,
                    "unknown field \"%s\" (expected: %s)"
                            .formatted(tokens.currentName(), String.join(" or ", known)));
        }
    }

    /// The parser sees a key that is repeated letter by letter; binding would put one spelling of
    /// an IPv6 address in the place of the other.
    ///
    /// @param seen of the names before this one, which is added
    private void refuseSecondSpelling(YAMLParser tokens, Set<DestinationName> seen)
            throws RegistryException {
        DestinationName name;
        try {
            name = DestinationName.parse(tokens.currentName());
        } catch (IllegalArgumentException _) {
            // Binding says what is wrong with it.
            return;
        }
        if (!seen.add(name)) {
            throw refused(tokens, "destination %s twice (expected: once)".formatted(name));
        }
    }

    /// What an item becomes whose content was commented out.
    private void refuseEmptyItem(YAMLParser tokens, int depth) throws RegistryException {
        if (depth == DEPTH_OF_SERVICE && tokens.streamReadContext().inArray()) {
            throw refused(tokens, "an empty item (expected: %s)".formatted(AN_ENDPOINT));
        }
    }

    private RegistryException refused(YAMLParser tokens, String what) {
        return new RegistryException(
                "%s:%d: %s".formatted(file, tokens.currentTokenLocation().getLineNr(), what));
    }

    private void checkSizes(Map<DestinationName, List<Registry.Listed>> services)
            throws RegistryException {
        if (services.size() > MAX_SERVICES) {
            throw new RegistryException(
                    "%s: %d services (expected: at most %d)"
                            .formatted(file, services.size(), MAX_SERVICES));
        }
        int total = 0;
        for (List<Registry.Listed> endpoints : services.values()) {
            total += endpoints.size();
        }
        if (total > MAX_ENDPOINTS) {
            throw new RegistryException(
                    "%s: %d endpoints (expected: at most %d)"
                            .formatted(file, total, MAX_ENDPOINTS));
        }
    }

    /// @param lines of the addresses, in the order of the services and their endpoints
    private void refuseDuplicates(
            Map<DestinationName, List<Registry.Listed>> services, List<Integer> lines)
            throws RegistryException {
        Iterator<Integer> line = lines.iterator();
        for (var service : services.entrySet()) {
            Set<Address> seen = new HashSet<>();
            for (Registry.Listed listed : service.getValue()) {
                int at = line.next();
                if (!seen.add(listed.address())) {
                    throw new RegistryException(
                            "%s:%d: %s: address %s twice (expected: once)"
                                    .formatted(file, at, service.getKey(), listed.address()));
                }
            }
        }
    }

    /// One line: the file, the line in it, what is wrong, what was expected.
    private String describe(JacksonException e) {
        TokenStreamLocation location = e.getLocation();
        String where =
                location == null || location.getLineNr() < 1 ? "" : ":" + location.getLineNr();
        return file + where + ": " + reason(e);
    }

    /// Nothing here repeats the file beyond a name: it may be another one than was meant, with
    /// secrets in it, and this goes into a log.
    private static String reason(JacksonException e) {
        return switch (e) {
            case ValueInstantiationException refused when refused.getCause() != null ->
                    String.valueOf(refused.getCause().getMessage());
            case MismatchedInputException mismatch ->
                    "another kind of value (expected: %s)"
                            .formatted(expected(mismatch.getTargetType()));
            default -> wordsOfTheParser(e);
        };
    }

    private static String expected(@Nullable Class<?> shape) {
        if (shape == boolean.class) {
            return "true or false";
        }
        if (shape != null && List.class.isAssignableFrom(shape)) {
            return "a list of endpoints";
        }
        if (shape == RegistryFile.Entry.class) {
            return AN_ENDPOINT;
        }
        return shape == RegistryFile.Service.class
                ? "endpoints: and a list below it"
                : "services: and below it destinations such as web.demo:80";
    }

    /// Without the excerpts of the file that the parser puts between them.
    private static String wordsOfTheParser(JacksonException e) {
        return String.valueOf(e.getOriginalMessage())
                .lines()
                .filter(line -> !line.startsWith(" "))
                .collect(Collectors.joining(", "));
    }

    private static final class AddressReader extends ValueDeserializer<Address> {
        @Override
        public Address deserialize(JsonParser parser, DeserializationContext context) {
            String text = parser.getValueAsString("");
            try {
                return Address.parse(text);
            } catch (IllegalArgumentException e) {
                throw DatabindException.from(parser, e.getMessage());
            }
        }
    }

    private static final class DestinationReader extends KeyDeserializer {
        @Override
        public Object deserializeKey(String key, DeserializationContext context) {
            try {
                return DestinationName.parse(key);
            } catch (IllegalArgumentException e) {
                throw DatabindException.from(context, e.getMessage());
            }
        }
    }
}
