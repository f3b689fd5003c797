package dev.flopscope.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/**
 * Reads configs as models are published with them, in the keys of the Hugging Face hub. What each {@code model_type} has for
 * absent keys, how it calls them, which of them do not bear on a pass, and which traits it has, is in {@code families.json}.
 */
final class PublishedConfigReader {
    private static final Set<String> NO_TYPES = Set.of("ignored");

    private final ObjectMapper mapper;

    PublishedConfigReader(ObjectMapper mapper) {
        this.mapper = mapper;
    }

    /** Whether a config is in these keys. */
    static boolean reads(JsonNode root) {
        return root.has("model_type")
                || root.has("architectures")
                || root.path("text_config").isObject();
    }

    /**
     * Reads a config.
     *
     * @throws BadDataException if its type, an activation or a kind of positions is unknown, or a value cannot be
     */
    ModelSource read(String name, String source, JsonNode root) {
        List<String> warnings = new ArrayList<>();
        JsonNode config = root;
        if (root.path("text_config").isObject()) {
            config = root.get("text_config");
            warnings.add(
                    source + ": the text model of a " + root.path("model_type").asText("multimodal model")
                            + " is read, from text_config; the rest of it is left out");
            if (!config.has("tie_word_embeddings") && root.has("tie_word_embeddings")) {
                config = ((ObjectNode) config.deepCopy()).set("tie_word_embeddings", root.get("tie_word_embeddings"));
            }
        }
        JsonNode families = families();
        String type = config.path("model_type").asText("");
        if (!families.has(type) || NO_TYPES.contains(type)) {
            Set<String> known = new TreeSet<>();
            families.fieldNames().forEachRemaining(known::add);
            known.removeAll(NO_TYPES);
            throw new BadDataException(
                    source,
                    "model_type must be one of " + String.join(", ", known) + ": model_type="
                            + config.path("model_type"));
        }
        JsonNode family = families.get(type);
        Settings settings = new Settings(source, type, config, family);
        ModelConfig model = model(name, source, settings, family);
        Set<String> unread = settings.unread();
        unread.removeAll(Settings.strings(families.get("ignored")));
        unread.removeAll(Settings.strings(family.path("ignored")));
        family.path("defaults").fieldNames().forEachRemaining(unread::remove);
        unread.forEach(key -> warnings.add(
                source + ": key \"" + key + "\" is not known of model_type " + type + ", and is left out"));
        return new ModelSource(model, Optional.empty(), settings.resolved(), warnings);
    }

    private JsonNode families() {
        try (InputStream json = PublishedConfigReader.class.getResourceAsStream("families.json")) {
            return mapper.readTree(json);
        } catch (IOException e) {
            throw new IllegalStateException("families.json of the jar cannot be read", e);
        }
    }

    private static ModelConfig model(String name, String source, Settings settings, JsonNode family) {
        try {
            EmbeddingConfig embedding = new EmbeddingConfig(
                    settings.integer("vocab_size"),
                    settings.integer("hidden_size"),
                    settings.has("scaled_embedding") ? Math.sqrt(settings.integer("hidden_size")) : 1);
            PositionsConfig positions =
                    new PositionsConfig(settings.integer("max_position_embeddings"), settings.has("learned_positions"));
            BlockReader reader = new BlockReader(settings, positions.contextLength());
            int layers = settings.integer("num_hidden_layers");
            Constraints.requirePositive("num_hidden_layers", layers);
            Constraints.require(
                    layers <= ModelConfig.MOST_LAYERS,
                    "num_hidden_layers must be at most " + ModelConfig.MOST_LAYERS + ": num_hidden_layers=" + layers);
            IntPredicate windowed =
                    windowed(settings, layers, family.path("windows").asText());
            IntPredicate sparse = sparse(settings);
            List<BlockConfig> blocks = IntStream.range(0, layers)
                    .mapToObj(layer -> reader.block(windowed.test(layer), sparse.test(layer)))
                    .toList();
            HeadConfig head = new HeadConfig(
                    reader.norm(),
                    settings.flag("tie_word_embeddings"),
                    settings.optionalNumber("final_logit_softcapping"));
            List<String> notExecuted = notExecuted(settings, family);
            ObjectNode json = settings.read().put("model_type", settings.type());
            return new ModelConfig(
                    name,
                    embedding,
                    positions,
                    blocks,
                    head,
                    new Architecture(settings.type(), json.toString(), notExecuted));
        } catch (IllegalArgumentException | ArithmeticException e) {
            throw new BadDataException(source, String.valueOf(e.getMessage()), e);
        }
    }

    /** Which layers have a window, if any has: {@code layer_types} where it is given, and else the rule of the type. */
    private static IntPredicate windowed(Settings settings, int layers, String rule) {
        Optional<JsonNode> use = settings.find("use_sliding_window");
        OptionalInt window = settings.optionalInteger("sliding_window");
        List<JsonNode> types = settings.list("layer_types");
        if (window.isEmpty() || (use.isPresent() && !use.get().asBoolean())) {
            settings.find("max_window_layers");
            return layer -> false;
        }
        if (!types.isEmpty()) {
            if (types.size() != layers) {
                throw settings.bad("layer_types must have num_hidden_layers entries: " + types.size() + ", " + layers);
            }
            types.stream()
                    .map(JsonNode::asText)
                    .filter(type ->
                            !Set.of("sliding_attention", "full_attention").contains(type))
                    .findFirst()
                    .ifPresent(type -> {
                        throw settings.wrong("layer_types", "of sliding_attention and full_attention", type);
                    });
            return layer -> types.get(layer).asText().equals("sliding_attention");
        }
        return switch (rule) {
            case "all" -> layer -> true;
            case "every_other" -> layer -> layer % 2 == 0;
            case "all_but_every_pattern" -> {
                int pattern = settings.integer("sliding_window_pattern");
                Constraints.requirePositive("sliding_window_pattern", pattern);
                yield layer -> (layer + 1) % pattern != 0;
            }
            case "from_max_window_layers" -> {
                int first = settings.integer("max_window_layers");
                yield layer -> layer >= first;
            }
            default -> layer -> false;
        };
    }

    /** Which layers have experts. */
    private static IntPredicate sparse(Settings settings) {
        if (!settings.has("experts") || settings.optionalInteger("num_experts").orElse(0) == 0) {
            return layer -> false;
        }
        int dense = settings.optionalInteger("first_k_dense_replace").orElse(0);
        int step = settings.optionalInteger("moe_layer_freq")
                .orElse(settings.optionalInteger("decoder_sparse_step").orElse(1));
        Constraints.requirePositive("decoder_sparse_step", step);
        Set<Integer> only = new TreeSet<>();
        settings.list("mlp_only_layers").forEach(layer -> only.add(layer.asInt()));
        boolean counted = settings.find("decoder_sparse_step").isPresent();
        return layer -> layer >= dense && !only.contains(layer) && (counted ? layer + 1 : layer) % step == 0;
    }

    private static List<String> notExecuted(Settings settings, JsonNode family) {
        List<String> missing = new ArrayList<>(Settings.strings(family.path("not_executed")));
        if (settings.find("use_bidirectional_attention")
                .filter(use -> use.asBoolean(true))
                .isPresent()) {
            missing.add("attention in both directions");
        }
        if (settings.flag("scale_attn_by_inverse_layer_idx")) {
            missing.add("scores scaled by the layer");
        }
        if (settings.flag("add_cross_attention")) {
            missing.add("cross-attention");
        }
        return missing;
    }
}
