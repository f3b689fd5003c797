package dev.flopscope.cli;

import dev.flopscope.config.ModelCatalog;
import dev.flopscope.config.ModelConfig;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Models, {@code --context} and {@code --batch}: for commands that take every combination of several. */
final class GridOptions {
    /** What every command says of its MODEL. */
    static final String MODEL = "gpt2-small, gpt2-medium, gpt2-large, gpt2-xl, or the path of a model's JSON file.";

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

    /** The models that were named, read, in their order. */
    List<ModelConfig> models() {
        ModelCatalog catalog = new ModelCatalog();
        return models.stream().map(catalog::find).toList();
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
