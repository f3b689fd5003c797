package dev.flopscope.cli;

import dev.flopscope.claims.Claim;
import dev.flopscope.claims.ClaimsFile;
import dev.flopscope.config.ModelCatalog;
import dev.flopscope.report.VerifyReport;
import dev.flopscope.run.Verification;
import dev.flopscope.run.Verifier;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code verify}: the shipped models' runs and the published claims, or a claims file of the user's. */
@Command(
        name = "verify",
        description = "Runs the four models against their closed forms, and says of each published claim about them"
                + " whether it holds, rounds to the value, or by what factor and why it is off.",
        footer = {
            "",
            "A published claim that is off is a finding about the publication and leaves the exit code 0;"
                    + " a run that disagrees, or a claim of your own file that does not hold, makes it 1.",
            "",
            "A claims file has the columns id, model, context, quantity, claimed, precision, parts; claimed is a"
                    + " number or a formula in B T D H K d F V L, such as 4*T*D*F. models/published-claims.csv is"
                    + " an example."
        })
final class VerifyCommand extends ReportCommand {
    private static final List<String> QUICK = List.of("gpt2-small");

    @Option(names = "--quick", description = "Run gpt2-small only; the claims are checked all the same.")
    private boolean quick;

    @Option(
            names = "--claims",
            paramLabel = "FILE",
            description = "Check the claims of FILE instead of the published ones, and run no model.")
    private @Nullable String claimsFile;

    @Mixin
    private ThreadsOption threads = new ThreadsOption();

    @Override
    int execute() {
        List<Claim> claims =
                claimsFile == null ? ClaimsFile.published() : ClaimsFile.read(claimsFile, InputFile.text(claimsFile));
        Verification verification;
        try (ProgressBars progress = new ProgressBars()) {
            verification = new Verifier(progress, threads.count()).verify(modelsToRun(), claims);
        }
        show(new VerifyReport(verification));
        boolean ownClaimsHold = claimsFile == null || verification.claimsThatHold() == claims.size();
        return verification.runsAgree() && ownClaimsHold ? ExitCode.OK : ExitCode.CHECK_FAILED;
    }

    private List<String> modelsToRun() {
        if (claimsFile != null) {
            return List.of();
        }
        return quick ? QUICK : ModelCatalog.SHIPPED;
    }
}
