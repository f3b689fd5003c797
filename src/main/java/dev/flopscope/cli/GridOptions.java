package dev.flopscope.cli;

import dev.flopscope.config.ModelCatalog;
import dev.flopscope.config.ModelSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.TypeConversionException;

/** Models, {@code --context} and {@code --batch}: for commands that take every combination of several. */
final class GridOptions {
    /** What every command says of its MODEL. */
    static final String MODEL =
            "gpt2-small, gpt2-medium, gpt2-large, gpt2-xl, another name under models/, the path of a"
                    + " model's JSON file, or the folder of a checkpoint.";

    /** A table of more is read by nobody, and the account of each has kilobytes. */
    private static final int MOST_COMBINATIONS = 10_000;

    @Parameters(arity = "1..*", paramLabel = "MODEL", description = MODEL)
    private List<String> models = new ArrayList<>();

    @Option(
            names = "--context",
            paramLabel = "T",
            description = "Tokens of a sequence; a list or range as 1024,16384 or 512-4096*2"
                    + " (default: the model's context_length).")
    private @Nullable IntegerList contexts;

    @Option(
            names = "--batch",
            paramLabel = "B",
            defaultValue = "1",
            description = "Sequences in one pass; a list or range (default: ${DEFAULT-VALUE}).")
    private IntegerList batches = new IntegerList(List.of(1));

    /**
     * The models that were named, read, in their order; one that was named twice is there once.
     *
     * @param warn told what their readers should know, a line each
     */
    List<ModelSource> sources(Consumer<String> warn) {
        ModelCatalog catalog = new ModelCatalog();
        List<ModelSource> sources =
                models.stream().distinct().map(catalog::findSource).distinct().toList();
        sources.forEach(source -> source.warnings().forEach(warn));
        return sources;
    }

    /** The models as they were named. */
    List<String> inputs() {
        return List.copyOf(models);
    }

    /**
     * Checks how many combinations there are, of what is here and of so many others, before any is worked out.
     *
     * @throws TypeConversionException if there are more than {@value #MOST_COMBINATIONS}
     */
    void requireFewCombinations(int... others) {
        List<Integer> numbers = new ArrayList<>(
                List.of(models.size(), batches().size(), Math.max(1, contexts().size())));
        Arrays.stream(others).forEach(numbers::add);
        double combinations = numbers.stream().mapToDouble(Integer::doubleValue).reduce(1, (a, b) -> a * b);
        if (combinations > MOST_COMBINATIONS) {
            throw new TypeConversionException(String.format(
                    Locale.ROOT, "%,.0f combinations are more than %,d", combinations, MOST_COMBINATIONS));
        }
    }

    /** The contexts that were asked for; none if each model's own was. */
    List<Integer> contexts() {
        return contexts == null ? List.of() : contexts.values();
    }

    /** The batches that were asked for. */
    List<Integer> batches() {
        return batches.values();
    }
}
