package dev.flopscope.weights;

import dev.flopscope.backend.Tensor;
import dev.flopscope.backend.TensorLoader;
import dev.flopscope.checkpoint.StoredTensors;
import dev.flopscope.config.AttentionConfig;
import dev.flopscope.config.BadDataException;
import dev.flopscope.config.FeedForwardConfig;
import dev.flopscope.config.LatentConfig;
import dev.flopscope.config.ModelConfig;
import dev.flopscope.config.WeightsMode;
import dev.flopscope.weights.Parameter.Role;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import java.util.function.LongUnaryOperator;
import java.util.stream.LongStream;

/**
 * Reads the weights of a model from a checkpoint, under the names and in the layouts that its {@code model_type} has: a tensor
 * that holds several matrices is read as these, and a transposed one as if it were not.
 */
public final class CheckpointWeights {
    private static final int MOST_NAMED = 5;
    private static final String BLOCKS = "_blocks";
    private static final String SCALES = "_scales";

    private final ModelConfig model;
    private final String source;
    private final StoredTensors tensors;
    private final TensorLoader loader;
    private final long seed;
    private final Consumer<String> warn;
    private final String type;
    private final TensorNames names;
    private final String prefix;
    private final Set<String> unused;

    /**
     * Reads nothing yet.
     *
     * @param source the folder, for messages
     * @param loader makes the tensors
     * @param seed decides an LM head that the checkpoint lacks
     * @param warn told what a reader should know, a line each
     */
    public CheckpointWeights(
            ModelConfig model,
            String source,
            StoredTensors tensors,
            TensorLoader loader,
            long seed,
            Consumer<String> warn) {
        this.model = model;
        this.source = source;
        this.tensors = tensors;
        this.loader = loader;
        this.seed = seed;
        this.warn = warn;
        this.type = model.architecture().label();
        this.names = TensorNames.of(type);
        String embedding = names.of(Parameter.outside(Role.EMBEDDING), type, false);
        this.prefix = names.prefixes().stream()
                .filter(candidate -> tensors.names().contains(candidate + embedding))
                .findFirst()
                // Without an embedding, the other names show what it should be called.
                .or(() -> names.prefixes().stream().filter(this::isInUse).findFirst())
                .orElse(names.prefixes().get(0));
        this.unused = new TreeSet<>(tensors.names());
    }

    private boolean isInUse(String candidate) {
        return !candidate.isEmpty() && tensors.names().stream().anyMatch(name -> name.startsWith(candidate));
    }

    /**
     * Checks that no tensor is stored in MXFP4, which has two tensors of bytes in place of one: blocks of numbers, and the scales of
     * the blocks.
     *
     * @param source the folder, for messages
     * @throws BadDataException if one is
     */
    public static void requireReadable(String source, StoredTensors tensors) {
        tensors.names().stream()
                .filter(name -> name.endsWith(BLOCKS))
                .map(name -> name.substring(0, name.length() - BLOCKS.length()))
                .filter(name -> tensors.names().contains(name + SCALES))
                .sorted()
                .findFirst()
                .ifPresent(name -> {
                    throw new BadDataException(
                            source,
                            "tensor " + name + " is stored in MXFP4, as " + name + BLOCKS + " and " + name + SCALES
                                    + "; only F32, F16 and BF16 are read");
                });
    }

    /**
     * Makes every parameter.
     *
     * @param mode a set of matrices for each layer, or the first layer's for all
     * @param progress told how many blocks are ready
     * @throws BadDataException if a tensor is missing or has other extents
     */
    public ModelWeights load(WeightsMode mode, LongConsumer progress) {
        ModelWeights weights = new ModelParameters(model, new Stored()).make(mode, progress);
        String head = names.of(Parameter.outside(Role.LM_HEAD), type, false);
        if (model.head().tied() && unused.remove(head)) {
            warn.accept(source + ": " + head + " is left out, since tie_word_embeddings makes the embedding the head");
        }
        unused.removeIf(TensorNames::isDerived);
        if (!unused.isEmpty() && mode == WeightsMode.FULL) {
            warn.accept(source + ": " + unused.size() + " tensors are not used: "
                    + String.join(", ", unused.stream().limit(MOST_NAMED).toList())
                    + (unused.size() > MOST_NAMED ? ", …" : ""));
        }
        return weights;
    }

    private final class Stored implements ParameterSource {
        @Override
        public Tensor matrix(Parameter parameter, int rows, int columns) {
            if (parameter.role() == Role.LM_HEAD && !tensors.names().contains(nameOf(parameter))) {
                warn.accept(
                        source + ": " + nameOf(parameter)
                                + " is missing and tie_word_embeddings is false, so the head is random, as in the reference library");
                return loader.weight(rows, columns, new UniformRows(seed, 0, columns, 0.02)::fill);
            }
            StoredPart part = part(parameter, rows, columns);
            return part.transposed()
                    ? loader.transposedWeight(rows, columns, part.columns(tensors, rows))
                    : loader.weight(rows, columns, part.rows(tensors));
        }

        @Override
        public Tensor table(Parameter parameter, int rows, int columns) {
            return loader.table(rows, columns, part(parameter, rows, columns).rows(tensors));
        }
    }

    private String nameOf(Parameter parameter) {
        boolean latent = parameter.layer() >= 0
                && model.blocks()
                        .get(parameter.layer())
                        .attention()
                        .latent()
                        .flatMap(config -> config.queryRank().stream().boxed().findFirst())
                        .isPresent();
        String name = names.of(parameter, type, latent);
        return parameter.role() == Role.LM_HEAD ? name : prefix + name;
    }

    private StoredPart part(Parameter parameter, int rows, int columns) {
        boolean vector = parameter.bias()
                || parameter.role().isNorm()
                || parameter.role().standsAlone();
        long out = vector ? columns : rows;
        Fused fused = fused(parameter, out);
        boolean together = TensorNames.isOfAllExperts(parameter, type);
        boolean transposed = !vector && (together || (type.equals("gpt2") && parameter.layer() >= 0));
        List<Long> shape = new ArrayList<>();
        if (together) {
            shape.add((long) experts(parameter.layer()));
        }
        if (transposed) {
            shape.add((long) columns);
        }
        shape.add(fused.all());
        if (!transposed && !vector) {
            shape.add((long) columns);
        }
        boolean differences = parameter.role().isNorm() && type.startsWith("gemma");
        StoredPart part = new StoredPart(
                nameOf(parameter),
                List.copyOf(shape),
                together ? parameter.expert() : -1,
                fused.row(),
                transposed,
                differences ? 1 : 0);
        requireShape(part);
        return part;
    }

    private int experts(int layer) {
        return model.blocks().get(layer).feedForward() instanceof FeedForwardConfig.Experts mixture
                ? mixture.count()
                : 0;
    }

    private void requireShape(StoredPart part) {
        if (!tensors.names().contains(part.name())) {
            throw new BadDataException(
                    source, "tensor " + part.name() + " is missing; its shape must be " + part.shape());
        }
        unused.remove(part.name());
        List<Long> found = tensors.shape(part.name());
        if (!found.equals(part.shape())) {
            throw new BadDataException(
                    source, "tensor " + part.name() + " has shape " + found + "; it must be " + part.shape());
        }
    }

    /** How many rows the stored tensor has, and which of them a row of the parameter is. */
    private record Fused(long all, LongUnaryOperator row) {
        static Fused at(long first, long all) {
            return new Fused(all, row -> first + row);
        }
    }

    private Fused fused(Parameter parameter, long rows) {
        Role role = parameter.role();
        if (parameter.layer() < 0) {
            return Fused.at(0, rows);
        }
        AttentionConfig heads = model.blocks().get(parameter.layer()).attention();
        List<Role> together = List.of(Role.QUERY, Role.KEY, Role.VALUE);
        if (together.contains(role) && (type.equals("gpt2") || type.equals("phi3"))) {
            long[] widths = {heads.queryWidth(), heads.keyWidth(), heads.valueWidth()};
            int index = together.indexOf(role);
            return Fused.at(
                    LongStream.of(widths).limit(index).sum(),
                    LongStream.of(widths).sum());
        }
        if (together.contains(role) && type.equals("gpt_neox")) {
            long d = heads.headDim();
            return new Fused(3 * rows, row -> (3 * (row / d) + together.indexOf(role)) * d + row % d);
        }
        if (type.equals("gpt_oss") && (role == Role.GATE || role == Role.UP)) {
            return new Fused(2 * rows, row -> 2 * row + (role == Role.GATE ? 0 : 1));
        }
        if (type.equals("phi3") && (role == Role.GATE || role == Role.UP)) {
            return Fused.at(role == Role.GATE ? 0 : rows, 2 * rows);
        }
        return heads.latent()
                .filter(latent -> role == Role.QUERY || role == Role.LATENT_DOWN)
                .map(latent -> new Fused(
                        rows,
                        role == Role.QUERY
                                ? row -> row / heads.headDim() * heads.headDim()
                                        + turnedFirst(row % heads.headDim(), heads.headDim(), latent)
                                : row ->
                                        row < latent.rank() ? row : latent.rank() + pairs(row - latent.rank(), latent)))
                .orElse(Fused.at(0, rows));
    }

    /** Stored heads have the turned columns last. */
    private static long turnedFirst(long column, long headDim, LatentConfig latent) {
        return column < latent.rotaryWidth()
                ? headDim - latent.rotaryWidth() + pairs(column, latent)
                : column - latent.rotaryWidth();
    }

    /** Stored pairs may lie side by side; here the second columns of all pairs follow the first ones. */
    private static long pairs(long column, LatentConfig latent) {
        long half = latent.rotaryWidth() / 2;
        return latent.interleaved() ? 2 * (column % half) + column / half : column;
    }
}
