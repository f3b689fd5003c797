package dev.flopscope.config;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Reads a model config: in the keys of published models ({@link PublishedConfigReader}), or in Flopscope's own, strictly: an unknown, missing or repeated key and a value of
 * another type are errors, because a config that is silently half-read gives a FLOP count that is silently wrong.
 */
public final class ModelConfigReader {
    private static final Set<String> KEYS = Set.of(
            "vocab_size",
            "context_length",
            "num_layers",
            "d_model",
            "num_heads",
            "d_ff",
            "num_kv_heads",
            "head_dim",
            "tie_embeddings",
            "feed_forward",
            "rope_theta",
            "norm_eps");

    private static final double DEFAULT_ROPE_THETA = 10_000.0;
    private static final double DEFAULT_NORM_EPS = 1e-5;

    private final ObjectMapper mapper = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .disable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
            .build();

    /**
     * Reads a config.
     *
     * @param name what reports will call the model
     * @param source where the text came from, for error messages
     * @param json the text
     * @throws BadDataException if the text is not a valid config
     */
    public ModelConfig read(String name, String source, String json) {
        return readSource(name, source, json).model();
    }

    /** The same, with how it was read. */
    ModelSource readSource(String name, String source, String json) {
        JsonNode root = parse(source, json);
        return PublishedConfigReader.reads(root)
                ? new PublishedConfigReader(mapper).read(name, source, root)
                : new ModelSource(new Fields(source, root).toConfig(name));
    }

    private JsonNode parse(String source, String json) {
        JsonNode root;
        try (JsonParser parser = mapper.createParser(json)) {
            root = mapper.readTree(parser);
            if (parser.nextToken() != null) {
                throw new BadDataException(source, "something follows the JSON object");
            }
        } catch (JsonProcessingException e) {
            String where = e.getLocation() == null
                    ? ""
                    : String.format(
                            Locale.ROOT,
                            " (line %d, column %d)",
                            e.getLocation().getLineNr(),
                            e.getLocation().getColumnNr());
            String problem = e.getOriginalMessage().lines().findFirst().orElse("unreadable");
            throw new BadDataException(source, "not valid JSON: " + problem + where, e);
        } catch (IOException e) {
            throw new BadDataException(source, "cannot be read: " + e.getMessage(), e);
        }
        if (root == null || root.isMissingNode()) {
            throw new BadDataException(source, "is empty; a JSON object was expected");
        }
        if (!root.isObject()) {
            throw new BadDataException(
                    source,
                    "must be a JSON object, not " + root.getNodeType().name().toLowerCase(Locale.ROOT));
        }
        return root;
    }

    /** One config's fields, each read with its type checked. */
    private record Fields(String source, JsonNode root) {

        ModelConfig toConfig(String name) {
            Set<String> unknown = new TreeSet<>();
            root.fieldNames().forEachRemaining(unknown::add);
            unknown.removeAll(KEYS);
            if (!unknown.isEmpty()) {
                throw new BadDataException(
                        source, "unknown key \"" + unknown.iterator().next() + "\"; known are " + knownKeys());
            }
            try {
                return ModelConfig.uniform(
                        name,
                        new EmbeddingConfig(requiredInteger("vocab_size"), requiredInteger("d_model")),
                        new PositionsConfig(requiredInteger("context_length")),
                        requiredInteger("num_layers"),
                        block(),
                        new HeadConfig(norm(), flag("tie_embeddings", false)));
            } catch (IllegalArgumentException e) {
                throw new BadDataException(source, String.valueOf(e.getMessage()), e);
            }
        }

        private BlockConfig block() {
            int dModel = requiredInteger("d_model");
            int numHeads = requiredInteger("num_heads");
            AttentionConfig attention = new AttentionConfig(
                    numHeads,
                    integer("num_kv_heads", numHeads),
                    root.has("head_dim") ? requiredInteger("head_dim") : headDim(dModel, numHeads),
                    new RotaryConfig(number("rope_theta", DEFAULT_ROPE_THETA)),
                    OptionalInt.empty());
            return new BlockConfig(norm(), attention, norm(), feedForward());
        }

        private NormConfig norm() {
            return new NormConfig.Rms(number("norm_eps", DEFAULT_NORM_EPS));
        }

        private int headDim(int dModel, int numHeads) {
            if (numHeads < 1) {
                throw new BadDataException(source, "num_heads must be at least 1: num_heads=" + numHeads);
            }
            if (dModel % numHeads != 0) {
                throw new BadDataException(
                        source,
                        "d_model must be a multiple of num_heads: d_model=" + dModel + ", num_heads=" + numHeads);
            }
            return dModel / numHeads;
        }

        private int requiredInteger(String key) {
            JsonNode value = root.get(key);
            if (value == null) {
                throw new BadDataException(source, "key \"" + key + "\" is missing");
            }
            return integer(key, value);
        }

        private int integer(String key, int fallback) {
            JsonNode value = root.get(key);
            return value == null ? fallback : integer(key, value);
        }

        private int integer(String key, JsonNode value) {
            if (!value.isIntegralNumber()) {
                throw wrongType(key, "an integer", value);
            }
            if (!value.canConvertToInt()) {
                throw new BadDataException(
                        source, key + " must be from 1 to " + Integer.MAX_VALUE + ": " + key + "=" + value);
            }
            return value.intValue();
        }

        private double number(String key, double fallback) {
            JsonNode value = root.get(key);
            if (value == null) {
                return fallback;
            }
            if (!value.isNumber()) {
                throw wrongType(key, "a number", value);
            }
            return value.doubleValue();
        }

        private boolean flag(String key, boolean fallback) {
            JsonNode value = root.get(key);
            if (value == null) {
                return fallback;
            }
            if (!value.isBoolean()) {
                throw wrongType(key, "true or false", value);
            }
            return value.booleanValue();
        }

        private FeedForwardConfig feedForward() {
            int width = requiredInteger("d_ff");
            @Nullable JsonNode value = root.get("feed_forward");
            if (value == null) {
                return new FeedForwardConfig.Gated(width, Activation.SILU);
            }
            return switch (value.asText()) {
                case "swiglu" -> new FeedForwardConfig.Gated(width, Activation.SILU);
                case "gelu" -> new FeedForwardConfig.Plain(width, Activation.GELU_TANH);
                default -> throw wrongType("feed_forward", "\"swiglu\" or \"gelu\"", value);
            };
        }

        private BadDataException wrongType(String key, String wanted, JsonNode value) {
            return new BadDataException(source, key + " must be " + wanted + ": " + key + "=" + value);
        }

        private static String knownKeys() {
            return KEYS.stream().sorted().collect(Collectors.joining(", "));
        }
    }
}
