package dev.flopscope.cli;

import dev.flopscope.claims.Claim;
import dev.flopscope.claims.ClaimsFile;
import dev.flopscope.claims.Quantities;
import dev.flopscope.config.BadDataException;
import dev.flopscope.config.ModelCatalog;
import dev.flopscope.config.ModelConfig;
import dev.flopscope.flops.Account;
import dev.flopscope.report.verify.SelfTestReport;
import dev.flopscope.report.verify.VerifyReport;
import dev.flopscope.run.Hardware;
import dev.flopscope.run.ProgressListener;
import dev.flopscope.run.SelfTest;
import dev.flopscope.run.SelfTestResult;
import dev.flopscope.run.Verification;
import dev.flopscope.run.Verifier;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.function.BiFunction;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/**
 * {@code verify}: the shipped models' runs and the published claims, or a claims file or statements of the user's; or the checks
 * themselves.
 */
@Command(
        name = "verify",
        description = "Runs the four models against their closed forms, and says of each published claim about them"
                + " whether it holds, rounds to the value, or by what factor and why it is off. Or checks the"
                + " checks themselves.")
final class VerifyCommand extends ReportCommand {
    private static final List<String> QUICK = List.of("gpt2-small");

    private static final int WIDTH = 76;

    private static final List<String> FOOTER = List.of(
            "",
            "A published claim that is off is a finding about the publication and leaves the exit code 0;"
                    + " a run that disagrees, a claim of your own that does not hold, or a planted fault that is not"
                    + " noticed makes it 1.",
            "",
            "Examples:",
            "  flopscope verify gpt2-xl --claim 'total = L*(24*T*D^2+4*T^2*D)+2*T*D*V'",
            "  flopscope verify gpt2-xl --claim 'parameters = 2.127e9'",
            "  flopscope verify gpt2-xl --decode 64 --claim 'decode.lm_head = 2*G*D*V'",
            "  flopscope verify --claims models/published-claims.csv",
            "  flopscope verify --self-test",
            "",
            "A claims file has the columns id, model, context, quantity, claimed, precision (exact, or as 3 digits),"
                    + " and may have parts (ids of other claims, joined by +), batch and decode; further columns are ignored. A model"
                    + " may be a file beside the claims file.",
            "",
            "A formula has numbers, + - * / ^, parentheses, and the letters",
            "  B  sequences                  T  tokens of the prompt",
            "  G  tokens decoded after it",
            "  D  width of the model         L  layers",
            "  H  query heads                K  key/value heads",
            "  d  width of a head            F  width of the feed-forward network",
            "  E  experts                    k  experts of a token",
            "  V  vocabulary                 N  all parameters",
            "",
            "Quantities:");

    @Parameters(arity = "0..1", paramLabel = "MODEL", description = "The model that --claim is about.")
    private @Nullable String model;

    @Option(
            names = "--claim",
            paramLabel = "CLAIM",
            description =
                    "Check 'QUANTITY = NUMBER' or 'QUANTITY = FORMULA' of MODEL, and run small models only. Whole numbers and"
                            + " formulas are exact, 226e10 has 3 digits, and 'to 2 digits' at the end says otherwise. May be"
                            + " repeated.")
    private List<String> statements = new ArrayList<>();

    @Option(
            names = "--context",
            paramLabel = "T",
            description = "Tokens of the sequence that --claim is about (default: the model's context_length).")
    private @Nullable Integer context;

    @Option(
            names = "--batch",
            paramLabel = "B",
            description = "Sequences of the run that --claim is about (default: 1).")
    private @Nullable Integer batch;

    @Option(
            names = "--decode",
            paramLabel = "G",
            description = "Tokens decoded after the prompt that --claim is about (default: none).")
    private @Nullable Integer decode;

    @Option(names = "--quick", description = "Run gpt2-small only; the claims are checked all the same.")
    private boolean quick;

    @Option(
            names = "--claims",
            paramLabel = "FILE",
            description = "Check the claims of FILE instead of the published ones, and run small models only.")
    private @Nullable String claimsFile;

    @Option(
            names = "--self-test",
            description =
                    "Plant one fault after the other in passes of a small model, and say of each which check noticed"
                            + " it; run nothing else, and judge no claim.")
    private boolean selfTest;

    @Mixin
    private ThreadsOption threads = new ThreadsOption();

    private final BiFunction<ProgressListener, Integer, SelfTest> selfTests;

    /** Plants every fault in a self-test. */
    VerifyCommand() {
        this(SelfTest::new);
    }

    /** Has {@code selfTests} make self-tests, of a number of threads. */
    VerifyCommand(BiFunction<ProgressListener, Integer, SelfTest> selfTests) {
        this.selfTests = selfTests;
    }

    /** Adds what the claims know of quantities to the help. */
    @Spec
    void describe(CommandSpec spec) {
        Map<String, List<String>> names = new LinkedHashMap<>();
        Quantities.meanings()
                .forEach((name, meaning) -> names.computeIfAbsent(meaning, unused -> new ArrayList<>())
                        .add(name));
        List<String> footer = new ArrayList<>(FOOTER);
        names.forEach((meaning, quantities) -> footer.addAll(lines(meaning, quantities)));
        spec.usageMessage().footer(footer.toArray(String[]::new));
    }

    /** One quantity beside its meaning, several under theirs. */
    private static List<String> lines(String meaning, List<String> quantities) {
        if (quantities.size() == 1) {
            return List.of(String.format(Locale.ROOT, "  %-26s  %s", quantities.get(0), meaning));
        }
        List<String> lines = new ArrayList<>(List.of("  " + meaning + ":"));
        StringBuilder line = new StringBuilder();
        for (String name : quantities) {
            if (line.length() + name.length() > WIDTH) {
                lines.add(line.toString());
                line.setLength(0);
            }
            line.append(line.isEmpty() ? "      " : "  ").append(name);
        }
        lines.add(line.toString());
        return lines;
    }

    @Override
    List<String> inputs() {
        return Stream.of(model, claimsFile).filter(Objects::nonNull).toList();
    }

    @Override
    int execute() {
        if (selfTest) {
            return testChecks();
        }
        Hardware.engineFault().ifPresent(this::warn);
        boolean own = claimsFile != null || !statements.isEmpty();
        Verification verification = statements.isEmpty() ? verify(claims()) : verifyStatements();
        show(new VerifyReport(verification));
        boolean ownClaimsHold =
                !own || verification.claimsThatHold() == verification.claims().size();
        return verification.runsAgree() && ownClaimsHold ? ExitCode.OK : ExitCode.CHECK_FAILED;
    }

    private int testChecks() {
        if (model != null
                || context != null
                || batch != null
                || decode != null
                || claimsFile != null
                || !statements.isEmpty()
                || quick) {
            throw new TypeConversionException(
                    "--self-test excludes MODEL, --context, --batch, --decode, --claim, --claims and"
                            + " --quick: it runs a model of its own");
        }
        Hardware.engineFault().ifPresent(this::warn);
        try (ProgressBars progress = new ProgressBars(this::warn)) {
            SelfTestResult result = selfTests.apply(progress, threads.count()).run();
            show(new SelfTestReport(result));
            return result.isSound() ? ExitCode.OK : ExitCode.CHECK_FAILED;
        }
    }

    private List<Claim> claims() {
        if (model != null || context != null) {
            throw new TypeConversionException("MODEL and --context belong to --claim, which is missing");
        }
        if (batch != null || decode != null) {
            throw new TypeConversionException("--batch and --decode belong to --claim, which is missing");
        }
        if (claimsFile == null) {
            return ClaimsFile.published();
        }
        List<Claim> claims = ClaimsFile.read(claimsFile, InputFile.text(claimsFile));
        requireApart(claims.stream().map(Claim::modelToFind).toList());
        return claims;
    }

    /** What is wrong with a statement is an error of the command line; what is wrong with the model is not. */
    private Verification verifyStatements() {
        if (claimsFile != null) {
            throw new TypeConversionException("--claim and --claims exclude each other");
        }
        if (model == null) {
            throw new TypeConversionException("--claim needs a MODEL");
        }
        ModelConfig config = new ModelCatalog().find(model);
        int tokens = context == null ? config.contextLength() : context;
        int sequences = batch == null ? 1 : batch;
        Counts.withinRange(config, sequences, tokens, () -> Account.of(config, sequences, tokens));
        try {
            return verify(ClaimsFile.statements(
                    "--claim",
                    model,
                    sequences,
                    tokens,
                    decode == null ? OptionalInt.empty() : OptionalInt.of(decode),
                    statements));
        } catch (BadDataException e) {
            throw new TypeConversionException(String.valueOf(e.getMessage()));
        }
    }

    private Verification verify(List<Claim> claims) {
        try (ProgressBars progress = new ProgressBars(this::warn)) {
            return new Verifier(progress, threads.count()).verify(modelsToRun(), claims);
        }
    }

    private List<String> modelsToRun() {
        if (claimsFile != null || !statements.isEmpty()) {
            return List.of();
        }
        return quick ? QUICK : ModelCatalog.SHIPPED;
    }
}
