package dev.flopscope.report;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.flopscope.claims.Claim;
import dev.flopscope.claims.ClaimVerdict;
import dev.flopscope.flops.Account;
import dev.flopscope.machine.MachineInfo;
import dev.flopscope.report.Document.Block;
import dev.flopscope.report.Document.Fact;
import dev.flopscope.report.Document.Facts;
import dev.flopscope.report.Document.Paragraph;
import dev.flopscope.report.Document.Table;
import dev.flopscope.run.Measurement;
import dev.flopscope.run.Verification;
import dev.flopscope.schema.Json;
import dev.flopscope.schema.VerifyFile;
import java.math.BigDecimal;
import java.math.MathContext;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Executed passes, then the claims that are off, then those that hold; first of all, how many of each. */
public final class VerifyReport implements Report {
    private static final String TITLE = "Verification";
    private static final Pattern NUMBER = Pattern.compile("-?[0-9.,]+([eE][+-]?[0-9]+)?");
    /** More than any count has; longer numbers are written in scientific notation. */
    private static final int MOST_DIGITS = 24;

    private final Verification verification;
    private final Instant date = Instant.now();

    /** Reports {@code verification}. */
    public VerifyReport(Verification verification) {
        this.verification = verification;
    }

    /** In a terminal, where a table has no room for them, reasons follow the tables. */
    @Override
    public Document document() {
        return new Document(TITLE, blocks(false));
    }

    /** A browser breaks the lines of a table itself, so that reasons stand in it. */
    @Override
    public Page page() {
        return Page.of(new Document(TITLE, blocks(true)));
    }

    private List<Block> blocks(boolean reasonsInTables) {
        List<Block> blocks = new ArrayList<>();
        blocks.add(new Paragraph(summary()));
        if (!verification.runs().isEmpty()) {
            MachineInfo machine = verification.runs().get(0).machine();
            blocks.add(new Facts(List.of(MeasurementWords.machine(machine), MeasurementWords.blas(machine))));
            blocks.add(runs());
            verification.runs().stream()
                    .flatMap(run -> run.prefill().disagreements().stream()
                            .map(line -> run.account().model().name() + " DISAGREES: " + line))
                    .forEach(line -> blocks.add(new Paragraph(line)));
        }
        blocks.addAll(claims("Claims that are off", false, reasonsInTables));
        blocks.addAll(claims("Claims that hold, exactly or rounded to their digits", true, reasonsInTables));
        blocks.add(new Paragraph("Counted: " + Account.CONVENTION + "."));
        return blocks;
    }

    private List<Block> claims(String caption, boolean holding, boolean reasonsInTable) {
        List<ClaimVerdict> claims = verification.claims().stream()
                .filter(verdict -> verdict.holds() == holding)
                .toList();
        if (claims.isEmpty()) {
            return List.of();
        }
        Columns<ClaimVerdict> columns = new Columns<ClaimVerdict>()
                .text("claim", verdict -> verdict.claim().id())
                .number("claimed", VerifyReport::claimed)
                .number("actual", verdict -> number(verdict.actual()));
        if (!holding) {
            columns.text("verdict", VerifyReport::word);
        }
        if (reasonsInTable) {
            return List.of(columns.text("why", VerifyReport::reason).table(caption, claims));
        }
        List<Block> blocks = new ArrayList<>(List.of(columns.table(caption, claims)));
        List<Fact> reasons = claims.stream()
                .map(verdict -> new Fact(verdict.claim().id(), reason(verdict)))
                .filter(fact -> !fact.value().isEmpty())
                .toList();
        if (!reasons.isEmpty()) {
            blocks.add(new Facts(reasons));
        }
        return blocks;
    }

    /** A number as it is written, with its thousands apart; a formula by its value. */
    private static String claimed(ClaimVerdict verdict) {
        String claimed = verdict.claim().claimed();
        boolean asWritten = isNumber(verdict) && claimed.length() <= MOST_DIGITS && !claimed.matches("\\d+");
        return asWritten ? claimed : number(verdict.claimed());
    }

    private static String word(ClaimVerdict verdict) {
        return verdict.verdict().name().replace('_', ' ');
    }

    /** Why a claim is off, or what must be said of one that holds, after the formula if it is one; mostly nothing. */
    private static String reason(ClaimVerdict verdict) {
        return Stream.of(
                        isNumber(verdict) ? "" : "claimed as " + verdict.claim().claimed(), verdict.remark())
                .filter(text -> !text.isEmpty())
                .collect(Collectors.joining(": "));
    }

    private static boolean isNumber(ClaimVerdict verdict) {
        return NUMBER.matcher(verdict.claim().claimed()).matches();
    }

    private static String number(BigDecimal value) {
        int digits = value.precision() - value.scale();
        return Math.abs(digits) > MOST_DIGITS
                ? value.round(new MathContext(6)).stripTrailingZeros().toString()
                : Figures.decimal(value);
    }

    private Table runs() {
        return new Columns<Measurement>()
                .text("model", run -> run.account().model().name())
                .number(
                        "sites",
                        run -> Figures.count(
                                run.prefill().reconciliation().sites().size()))
                .number("FLOPs counted", run -> Figures.count(run.prefill().countedFlops()))
                .number("parameters", run -> Figures.count(run.allocatedParameters()))
                .number(
                        "seconds",
                        run -> Figures.seconds(
                                PhaseRecords.seconds(run.prefill().typical().wallNanoseconds())))
                .text("verdict", run -> run.agrees() ? "agrees" : "DISAGREES")
                .table("Executed and held against the closed forms, site by site", verification.runs());
    }

    private String summary() {
        long agreeing = verification.runs().stream().filter(Measurement::agrees).count();
        String claims = Figures.count(verification.claimsThatHold()) + " of "
                + Figures.count(verification.claims().size()) + " claims hold.";
        return verification.runs().isEmpty()
                ? claims
                : Figures.count(agreeing) + " of "
                        + Figures.count(verification.runs().size()) + " executed models agree at every site. " + claims;
    }

    @Override
    public CsvRows rows() {
        List<ObjectNode> rows = new ArrayList<>();
        for (Measurement run : verification.runs()) {
            BigDecimal counted = BigDecimal.valueOf(run.prefill().countedFlops());
            BigDecimal expected =
                    BigDecimal.valueOf(run.prefill().reconciliation().expectedFlops());
            String summary = run.agrees() ? "agrees" : "disagrees";
            rows.add(Json.tree(new VerifyFile.Claim(
                    "run",
                    run.account().model().name(),
                    run.account().context(),
                    "flops",
                    "counted",
                    counted,
                    expected,
                    summary,
                    run.agrees(),
                    null,
                    List.of(),
                    summary)));
        }
        verification.claims().forEach(verdict -> rows.add(Json.tree(claim(verdict))));
        return CsvRows.of("id,model,context,quantity,claimed,actual,holds,summary", rows);
    }

    @Override
    public ObjectNode json(List<String> commandLine) {
        Optional<Measurement> first = verification.runs().stream().findFirst();
        return Json.tree(new VerifyFile(
                Envelopes.of(
                        "verify",
                        commandLine,
                        first.map(Measurement::began).orElse(date),
                        first.map(Measurement::machine).orElse(null),
                        first.map(run -> run.spec().engine()).orElse(null)),
                Account.CONVENTION,
                verification.runs().stream()
                        .map(run -> AccountRecords.of(run, false))
                        .toList(),
                verification.claims().stream().map(VerifyReport::claim).toList(),
                verification.runsAgree(),
                verification.claimsThatHold()));
    }

    private static VerifyFile.Claim claim(ClaimVerdict verdict) {
        Claim claim = verdict.claim();
        return new VerifyFile.Claim(
                claim.id(),
                claim.model(),
                claim.context(),
                claim.quantity(),
                claim.claimed(),
                verdict.claimed(),
                verdict.actual(),
                verdict.verdict().name().toLowerCase(Locale.ROOT),
                verdict.holds(),
                verdict.factor().orElse(null),
                verdict.explanations(),
                verdict.describe());
    }
}
