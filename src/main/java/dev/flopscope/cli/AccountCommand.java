package dev.flopscope.cli;

import dev.flopscope.config.Attention;
import dev.flopscope.config.Attention.Algorithm;
import dev.flopscope.flops.Account;
import dev.flopscope.flops.DecodeAccount;
import dev.flopscope.report.AccountReport;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

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
    @Mixin
    private GridOptions grid = new GridOptions();

    @Mixin
    private AttentionOptions attention = new AttentionOptions();

    @Mixin
    private DecodeOption decode = new DecodeOption();

    @Override
    int execute() {
        Attention chosen = attention.chosen(Algorithm.FULL);
        List<Account> accounts = grid.models().stream()
                .flatMap(model -> grid.accounts(model, chosen).stream())
                .toList();
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
