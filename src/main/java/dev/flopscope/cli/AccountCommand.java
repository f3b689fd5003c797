package dev.flopscope.cli;

import dev.flopscope.config.Attention.Algorithm;
import dev.flopscope.config.ModelCatalog;
import dev.flopscope.config.ModelConfig;
import dev.flopscope.flops.Account;
import dev.flopscope.flops.DecodeAccount;
import dev.flopscope.report.AccountReport;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code account}: closed forms, nothing executed. */
@Command(
        name = "account",
        description = "Works out parameters, memory and every product on paper; several models, contexts or"
                + " batches side by side.",
        footer = {
            "",
            "Examples:",
            "  flopscope account gpt2-xl",
            "  flopscope account gpt2-small gpt2-medium gpt2-large gpt2-xl",
            "  flopscope account gpt2-xl --context 1024,16384 --format md",
            "  flopscope account gpt2-small --decode 32"
        })
final class AccountCommand extends ReportCommand {
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

    @Mixin
    private AttentionOptions attention = new AttentionOptions();

    @Mixin
    private DecodeOption decode = new DecodeOption();

    @Override
    int execute() {
        ModelCatalog catalog = new ModelCatalog();
        List<Account> accounts = new ArrayList<>();
        for (String name : models) {
            ModelConfig model = catalog.find(name);
            for (int batch : batches.values()) {
                for (int context : contexts == null ? List.of(model.contextLength()) : contexts.values()) {
                    accounts.add(Counts.account(model, batch, context, attention.chosen(Algorithm.FULL)));
                }
            }
        }
        show(new AccountReport(accounts, decoding(accounts)));
        return ExitCode.OK;
    }

    private List<DecodeAccount> decoding(List<Account> accounts) {
        return decode.tokens().isEmpty()
                ? List.of()
                : accounts.stream()
                        .map(account -> Counts.withinRange(
                                account.model(),
                                account.batch(),
                                account.context(),
                                () -> DecodeAccount.of(account, decode.tokens().getAsInt())))
                        .toList();
    }
}
