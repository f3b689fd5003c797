package dev.flopscope.cli;

import dev.flopscope.config.Attention;
import dev.flopscope.config.BadDataException;
import dev.flopscope.config.ModelCatalog;
import dev.flopscope.config.ModelConfig;
import dev.flopscope.flops.Account;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Models, {@code --context} and {@code --batch}: for commands that take every combination of several. */
final class GridOptions {
    @Parameters(arity = "1..*", paramLabel = "MODEL", description = ModelArgument.DESCRIPTION)
    private List<String> models = new ArrayList<>();

    @Option(
            names = "--context",
            paramLabel = "T",
            converter = Numbers.ListConverter.class,
            description = "Tokens of a sequence; a list or range as 1024,16384 or 512-4096*2"
                    + " (default: the model's context_length).")
    private @Nullable Numbers contexts;

    @Option(
            names = "--batch",
            paramLabel = "B",
            defaultValue = "1",
            converter = Numbers.ListConverter.class,
            description = "Sequences in one pass; a list or range (default: ${DEFAULT-VALUE}).")
    private Numbers batches = new Numbers(List.of(1));

    /** The models that were named, read, in their order. */
    List<ModelConfig> models() {
        ModelCatalog catalog = new ModelCatalog();
        return models.stream().map(catalog::find).toList();
    }

    /**
     * The closed forms of every batch and context of {@code model}, contexts innermost.
     *
     * @throws BadDataException if a count exceeds 2⁶³−1
     */
    List<Account> accounts(ModelConfig model, Attention attention) {
        List<Account> accounts = new ArrayList<>();
        for (int batch : batches.values()) {
            for (int context : contexts == null ? List.of(model.contextLength()) : contexts.values()) {
                accounts.add(Counts.account(model, batch, context, attention));
            }
        }
        return accounts;
    }
}
