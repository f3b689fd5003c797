package dev.flopscope.report.verify;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.flopscope.claims.Claim;
import dev.flopscope.claims.ClaimVerdict;
import dev.flopscope.document.Column;
import dev.flopscope.document.CsvRows;
import dev.flopscope.document.Document;
import dev.flopscope.document.Document.Block;
import dev.flopscope.document.Document.Fact;
import dev.flopscope.document.Document.Facts;
import dev.flopscope.document.Document.Paragraph;
import dev.flopscope.document.Document.Tone;
import dev.flopscope.document.Document.Verdict;
import dev.flopscope.document.Figures;
import dev.flopscope.document.Page;
import dev.flopscope.document.Report;
import dev.flopscope.document.Table;
import dev.flopscope.document.Unit;
import dev.flopscope.flops.Account;
import dev.flopscope.machine.MachineInfo;
import dev.flopscope.report.account.AccountTables;
import dev.flopscope.report.record.AccountRecords;
import dev.flopscope.report.record.Byline;
import dev.flopscope.report.record.Envelopes;
import dev.flopscope.report.record.PhaseRecords;
import dev.flopscope.report.run.MeasurementWords;
import dev.flopscope.run.ClaimRun;
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
        ObjectNode figures = json(List.of());
        return Page.of(new Document(TITLE, blocks(true)), Byline.of(figures), List.of(), figures);
    }

    private List<Block> blocks(boolean reasonsInTables) {
        List<Block> blocks = new ArrayList<>();
        boolean good = verification.runsAgree()
                && verification.claimsThatHold() == verification.claims().size();
        blocks.add(new Verdict(good ? Tone.GOOD : Tone.BAD, summary()));
        if (!verification.runs().isEmpty()) {
            MachineInfo machine = verification.runs().get(0).machine();
            blocks.add(new Facts(List.of(MeasurementWords.machine(machine), MeasurementWords.blas(machine))));
            blocks.add(runs());
            verification.runs().stream()
                    .flatMap(run -> run.prefill().disagreements().stream()
                            .map(line -> run.account().model().name() + " DISAGREES: " + line))
                    .forEach(line -> blocks.add(new Verdict(Tone.BAD, line)));
        }
        blocks.addAll(claims("Claims that are off", false, reasonsInTables));
        blocks.addAll(claims("Claims that hold, exactly or rounded to their digits", true, reasonsInTables));
        blocks.addAll(FormulaFacts.of(verification));
        blocks.add(new Paragraph("Counted: " + Account.CONVENTION + "."));
        blocks.addAll(AccountTables.ofTheirSizes(verification.runs().stream()
                .map(run -> run.account().model())
                .distinct()
                .toList()));
        return blocks;
    }

    private List<Block> claims(String caption, boolean holding, boolean reasonsInTable) {
        List<ClaimVerdict> claims = verification.claims().stream()
                .filter(verdict -> verdict.holds() == holding)
                .toList();
        if (claims.isEmpty()) {
            return List.of();
        }
        List<Column<ClaimVerdict>> columns = new ArrayList<>(List.of(
                Column.words("id", "claim", verdict -> verdict.claim().id()),
                new Column<>("claimed", "claimed", Unit.NUMERAL, VerifyReport::claimed),
                new Column<>("actual", "actual", Unit.NUMERAL, verdict -> number(verdict.actual()))));
        if (!holding || reasonsInTable) {
            columns.add(Column.verdict("verdict", "verdict", VerifyReport::verdict));
        }
        if (reasonsInTable) {
            columns.add(new Column<>("why", "why", Unit.PROSE, VerifyReport::reason));
            return List.of(Table.of(caption, columns, claims));
        }
        List<Block> blocks = new ArrayList<>(List.of(Table.of(caption, columns, claims)));
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

    private static Verdict verdict(ClaimVerdict verdict) {
        return new Verdict(
                verdict.holds() ? Tone.GOOD : Tone.BAD, verdict.verdict().name().replace('_', ' '));
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
        return Table.of(
                "Executed and held against the closed forms, site by site",
                List.<Column<Measurement>>of(
                        Column.words(
                                "model", "model", run -> run.account().model().name()),
                        Column.count(
                                "sites",
                                "sites",
                                run -> run.prefill().reconciliation().sites().size()),
                        Column.count(
                                "counted", "FLOPs counted", run -> run.prefill().countedFlops()),
                        Column.count("parameters", "parameters", Measurement::allocatedParameters),
                        new Column<>(
                                "seconds",
                                "seconds",
                                Unit.SECONDS,
                                run -> PhaseRecords.seconds(
                                        run.prefill().typical().wallNanoseconds())),
                        Column.verdict(
                                "verdict",
                                "verdict",
                                run -> run.agrees()
                                        ? new Verdict(Tone.GOOD, "agrees")
                                        : new Verdict(Tone.BAD, "DISAGREES"))),
                verification.runs());
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
        List<VerifyFile.Claim> rows = new ArrayList<>();
        for (Measurement run : verification.runs()) {
            BigDecimal counted = BigDecimal.valueOf(run.prefill().countedFlops());
            BigDecimal expected =
                    BigDecimal.valueOf(run.prefill().reconciliation().expectedFlops());
            String summary = run.agrees() ? "agrees" : "disagrees";
            rows.add(new VerifyFile.Claim(
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
                    summary,
                    null,
                    null));
        }
        verification.claims().forEach(verdict -> rows.add(claim(verdict, List.of())));
        return CsvRows.of(
                List.of(
                        Column.words("id", "claim", VerifyFile.Claim::id),
                        Column.words("model", "model", VerifyFile.Claim::model),
                        Column.count("context", "T", VerifyFile.Claim::context),
                        Column.words("quantity", "quantity", VerifyFile.Claim::quantity),
                        Column.words("claimed", "claimed", VerifyFile.Claim::claimed),
                        Column.words("actual", "actual", VerifyFile.Claim::actual),
                        Column.words("holds", "holds", VerifyFile.Claim::holds),
                        Column.words("summary", "summary", VerifyFile.Claim::summary)),
                rows);
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
                verification.claims().stream()
                        .map(verdict -> claim(verdict, verification.runsOf(verdict)))
                        .toList(),
                verification.runsAgree(),
                verification.claimsThatHold(),
                null));
    }

    private static VerifyFile.Claim claim(ClaimVerdict verdict, List<ClaimRun> runs) {
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
                verdict.describe(),
                FormulaFacts.polynomials(verdict),
                FormulaFacts.executed(runs));
    }
}
