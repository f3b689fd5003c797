package dev.flopscope.cli;

import dev.flopscope.config.Attention;
import dev.flopscope.config.Attention.Algorithm;
import dev.flopscope.config.ModelConfig;
import dev.flopscope.config.ModelSource;
import dev.flopscope.flops.Account;
import dev.flopscope.report.account.AccountReport;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

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
            "  flopscope account gpt2-small --decode 32 --logits last",
            "  flopscope account gpt2-xl --convention all",
            "  flopscope account gpt2-xl --bridge flopscope:megatron"
        })
final class AccountCommand extends ReportCommand {
    private static final int MOST_PERCENT = 99;

    @Mixin
    private GridOptions grid = new GridOptions();

    @Mixin
    private AttentionOptions attention = new AttentionOptions();

    @Mixin
    private PhaseOptions phases = new PhaseOptions();

    @Mixin
    private ConventionOptions conventions = new ConventionOptions();

    @Option(
            names = "--explain",
            description =
                    "Show every value of a published config, and where it came from: the file, the defaults of its"
                            + " model_type, or other keys.")
    private boolean explain;

    @Override
    List<String> inputs() {
        return grid.inputs();
    }

    @Option(
            names = "--head-below",
            paramLabel = "PERCENT",
            defaultValue = "" + AccountReport.HEAD_PERCENT,
            description = "Say from which context on the LM head costs less than this share of all FLOPs"
                    + " (default: ${DEFAULT-VALUE}).")
    private int headBelow = AccountReport.HEAD_PERCENT;

    private int headPercent() {
        if (headBelow > MOST_PERCENT) {
            throw new TypeConversionException("--head-below must be from 1 to 99 percent: " + headBelow);
        }
        return headBelow;
    }

    @Override
    int execute() {
        grid.requireFewCombinations();
        conventions.check(phases, attention.chosen(Algorithm.FULL));
        List<Account> accounts = new ArrayList<>();
        List<ModelSource> sources = grid.sources(this::warn);
        if (explain && (sources.size() > 1 || conventions.isGiven())) {
            throw new TypeConversionException("--explain is for one model by our convention");
        }
        for (ModelSource source : sources) {
            ModelConfig model = source.model();
            for (int batch : grid.batches()) {
                (grid.contexts().isEmpty() ? List.of(model.contextLength()) : grid.contexts())
                        .forEach(context -> accounts.add(account(model, batch, context)));
            }
        }
        show(conventions
                .report(accounts)
                .orElseGet(() ->
                        new AccountReport(accounts, explain ? sources.get(0).settings() : List.of(), headPercent())));
        return ExitCode.OK;
    }

    private Account account(ModelConfig model, int batch, int context) {
        Attention chosen = attention.chosen(Algorithm.FULL);
        return Counts.withinRange(
                model, batch, context, () -> Account.of(model, phases.phases(batch, context), chosen));
    }
}
