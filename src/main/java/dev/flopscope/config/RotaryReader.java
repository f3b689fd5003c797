package dev.flopscope.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/**
 * Reads rotary positions of a published config: {@code rope_theta} with {@code rope_scaling}, or {@code rope_parameters}, which
 * holds both and may have an object for each kind of layer.
 */
final class RotaryReader {
    private static final String FULL = "full_attention";
    private static final String SLIDING = "sliding_attention";

    private final Settings settings;
    private final Optional<JsonNode> parameters;
    private final int positions;
    private final OptionalInt original;

    /** Reads of {@code settings} for a model made for {@code positions} positions. */
    RotaryReader(Settings settings, int positions) {
        this.settings = settings;
        this.positions = positions;
        Optional<JsonNode> given = settings.object("rope_parameters");
        this.parameters = given.isPresent() ? given : settings.object("rope_scaling");
        this.original = settings.optionalInteger("original_max_position_embeddings");
        settings.find("rope_theta");
    }

    /**
     * The positions of one kind of layer.
     *
     * @param sliding whether the layer has a window
     * @param headDim columns of a head
     */
    RotaryConfig of(boolean sliding, int headDim) {
        OptionalDouble local = settings.optionalNumber("rope_local_base_freq");
        boolean nested = parameters.isPresent()
                && (parameters.get().has(FULL) || parameters.get().has(SLIDING));
        if (sliding && local.isPresent() && !nested) {
            return new RotaryConfig(local.getAsDouble());
        }
        JsonNode own = parameters
                .map(all -> nested ? all.path(sliding ? SLIDING : FULL) : all)
                .orElse(JsonNodeFactory.instance.objectNode());
        Part part = new Part(own);
        double theta = part.number("rope_theta")
                .orElseGet(() -> sliding && local.isPresent() ? local.getAsDouble() : settings.number("rope_theta"));
        double share = part.number("partial_rotary_factor")
                .orElseGet(
                        () -> settings.optionalNumber("partial_rotary_factor").orElse(1));
        int width = (int) (headDim * share);
        return new RotaryConfig(theta, width == headDim ? OptionalInt.empty() : OptionalInt.of(width), part.scaling());
    }

    /** What scores are multiplied by beside 1/√d where YaRN says so through {@code mscale_all_dim}, as DeepSeek does. */
    double scoreFactor() {
        Part part = new Part(parameters.orElse(JsonNodeFactory.instance.objectNode()));
        OptionalDouble all = part.number("mscale_all_dim");
        if (all.isEmpty() || all.getAsDouble() == 0 || part.kind().equals("default")) {
            return 1;
        }
        double magnitude = magnitude(part.required("factor"), all.getAsDouble());
        return magnitude * magnitude;
    }

    private static double magnitude(double factor, double scale) {
        return factor <= 1 ? 1 : 0.1 * scale * Math.log(factor) + 1;
    }

    /** The keys of one scaling. */
    private final class Part {
        private final JsonNode json;

        Part(JsonNode json) {
            this.json = json;
        }

        String kind() {
            return json.path("rope_type").asText(json.path("type").asText("default"));
        }

        OptionalDouble number(String key) {
            JsonNode value = json.path(key);
            if (value.isMissingNode() || value.isNull()) {
                return OptionalDouble.empty();
            }
            if (!value.isNumber() || !(value.doubleValue() > 0) || !Double.isFinite(value.doubleValue())) {
                throw settings.wrong(key, "a number above 0", value);
            }
            return OptionalDouble.of(value.doubleValue());
        }

        double required(String key) {
            return number(key).orElseThrow(() -> settings.missing("rope_scaling." + key));
        }

        private int original() {
            OptionalDouble own = number("original_max_position_embeddings");
            return own.isPresent() ? (int) own.getAsDouble() : original.orElse(positions);
        }

        RotaryScaling scaling() {
            return switch (kind()) {
                case "default" -> new RotaryScaling.None();
                case "linear" -> new RotaryScaling.Linear(required("factor"));
                case "dynamic" -> new RotaryScaling.Dynamic(required("factor"), positions);
                case "llama3" ->
                    new RotaryScaling.Llama3(
                            required("factor"), required("low_freq_factor"), required("high_freq_factor"), original());
                case "yarn" -> yarn();
                case "longrope", "su" -> longRope();
                default ->
                    throw settings.wrong(
                            "rope_type",
                            "one of default, linear, dynamic, llama3, yarn, longrope",
                            "\"" + kind() + "\"");
            };
        }

        private RotaryScaling yarn() {
            double factor = required("factor");
            OptionalDouble scale = number("mscale");
            OptionalDouble all = number("mscale_all_dim");
            double suggested = scale.isPresent() && all.isPresent()
                    ? magnitude(factor, scale.getAsDouble()) / magnitude(factor, all.getAsDouble())
                    : magnitude(factor, 1);
            return new RotaryScaling.Yarn(
                    factor,
                    number("beta_fast").orElse(32),
                    number("beta_slow").orElse(1),
                    original(),
                    number("attention_factor").orElse(suggested),
                    json.path("truncate").asBoolean(true));
        }

        private RotaryScaling longRope() {
            double factor = original.isPresent()
                    ? (double) positions / original()
                    : number("factor").orElse((double) positions / original());
            double suggested = factor <= 1 ? 1 : Math.sqrt(1 + Math.log(factor) / Math.log(original()));
            return new RotaryScaling.LongRope(
                    factors("short_factor"),
                    factors("long_factor"),
                    original(),
                    number("attention_factor").orElse(suggested));
        }

        private List<Double> factors(String key) {
            List<Double> factors = new ArrayList<>();
            json.path(key).forEach(value -> {
                if (!value.isNumber()) {
                    throw settings.wrong(key, "a list of numbers", json.path(key));
                }
                factors.add(value.doubleValue());
            });
            if (factors.isEmpty()) {
                throw settings.missing("rope_scaling." + key);
            }
            return factors;
        }
    }
}
