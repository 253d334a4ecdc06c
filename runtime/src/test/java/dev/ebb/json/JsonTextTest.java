package dev.ebb.json;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class JsonTextTest {

    @Test
    void valuesKeepTheirKind() {
        Map<String, Object> object = new LinkedHashMap<>();
        object.put("text", "a");
        object.put("number", 1.5);
        object.put("truth", true);
        object.put("list", Arrays.asList(1, null, Map.of()));

        String json = JsonText.of(object);

        assertThat(json)
                .isEqualTo("{\"text\":\"a\",\"number\":1.5,\"truth\":true,\"list\":[1,null,{}]}");
    }

    @Test
    void textIsEscaped() {
        String json = JsonText.of("\"\\\n\r\t\u0001\ud800é");

        assertThat(json).isEqualTo("\"\\\"\\\\\\n\\r\\t\\u0001\\ud800é\"");
    }

    @Test
    void whatJsonHasNoNumberForIsText() {
        String json = JsonText.of(List.of(Double.NaN, Float.POSITIVE_INFINITY));

        assertThat(json).isEqualTo("[\"NaN\",\"Infinity\"]");
    }
}
