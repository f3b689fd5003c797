package dev.flopscope.report;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.flopscope.audit.Claim;
import dev.flopscope.audit.ClaimVerdict;
import dev.flopscope.flops.Account;
import dev.flopscope.machine.MachineInfo;
import dev.flopscope.report.Document.Block;
import dev.flopscope.report.Document.Column;
import dev.flopscope.report.Document.Fact;
import dev.flopscope.report.Document.Facts;
import dev.flopscope.report.Document.Paragraph;
import dev.flopscope.report.Document.Table;
import dev.flopscope.run.RunResult;
import dev.flopscope.run.Verification;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Executed passes and claims, one line each. */
public final class VerifyReport implements Report {
    private static final double NANOSECONDS = 1e9;

    private final Verification verification;

    /** Reports {@code verification}. */
    public VerifyReport(Verification verification) {
        this.verification = verification;
    }

    @Override
    public Document document() {
        List<Block> blocks = new ArrayList<>();
        if (!verification.runs().isEmpty()) {
            MachineInfo machine = verification.runs().get(0).machine();
            blocks.add(new Facts(List.of(PassFacts.machine(machine), PassFacts.blas(machine))));
            blocks.add(runs());
            verification.runs().stream()
                    .flatMap(run -> run.reconciliation().disagreements().stream()
                            .map(line -> run.account().model().name() + " DISAGREES: " + line))
                    .forEach(line -> blocks.add(new Paragraph(line)));
        }
        blocks.add(new Paragraph("Claims, held against the closed forms:"));
        blocks.add(new Facts(verification.claims().stream()
                .map(verdict -> new Fact(verdict.claim().id(), line(verdict)))
                .toList()));
        blocks.add(new Paragraph("Counted: " + Account.CONVENTION + "."));
        blocks.add(new Paragraph(summary()));
        return new Document("Verification", blocks);
    }

    private Table runs() {
        List<List<String>> rows = new ArrayList<>();
        for (RunResult run : verification.runs()) {
            rows.add(List.of(
                    run.account().model().name(),
                    Figures.count(run.reconciliation().sites().size()),
                    Figures.count(run.reconciliation().countedFlops()),
                    Figures.count(run.allocatedParameters()),
                    Figures.seconds(run.wallNanoseconds() / NANOSECONDS),
                    run.agrees() ? "agrees" : "DISAGREES"));
        }
        return new Table(
                "Executed and held against the closed forms, site by site",
                List.of(
                        Column.text("model"),
                        Column.number("sites"),
                        Column.number("FLOPs counted"),
                        Column.number("parameters"),
                        Column.number("seconds"),
                        Column.text("verdict")),
                rows);
    }

    private static String line(ClaimVerdict verdict) {
        String claimed = "claimed " + verdict.claim().claimed().text() + ", ";
        return verdict.holds()
                ? claimed + verdict.describe()
                : claimed + "is " + Figures.decimal(verdict.actual()) + ": " + verdict.describe();
    }

    private String summary() {
        long agreeing = verification.runs().stream().filter(RunResult::agrees).count();
        String claims = Figures.count(verification.claimsThatHold()) + " of "
                + Figures.count(verification.claims().size()) + " claims hold.";
        return verification.runs().isEmpty()
                ? claims
                : Figures.count(agreeing) + " of "
                        + Figures.count(verification.runs().size()) + " executed models agree at every site. " + claims;
    }

    @Override
    public CsvRows rows() {
        List<List<Object>> rows = new ArrayList<>();
        for (RunResult run : verification.runs()) {
            rows.add(List.of(
                    "run",
                    run.account().model().name(),
                    run.account().context(),
                    "flops",
                    run.reconciliation().countedFlops(),
                    run.reconciliation().expectedFlops(),
                    run.agrees(),
                    run.agrees() ? "agrees" : "disagrees"));
        }
        for (ClaimVerdict verdict : verification.claims()) {
            Claim claim = verdict.claim();
            rows.add(List.of(
                    claim.id(),
                    claim.model(),
                    claim.context(),
                    claim.quantity(),
                    verdict.claimed().toPlainString(),
                    verdict.actual().toPlainString(),
                    verdict.holds(),
                    verdict.describe()));
        }
        return new CsvRows(
                List.of("check", "model", "context", "quantity", "claimed", "actual", "holds", "verdict"), rows);
    }

    @Override
    public ObjectNode json() {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("convention", Account.CONVENTION);
        ArrayNode runs = json.putArray("runs");
        verification.runs().forEach(run -> runs.add(new RunReport(run).json()));
        ArrayNode claims = json.putArray("claims");
        verification.claims().forEach(verdict -> claims.add(claim(verdict)));
        json.put("runs_agree", verification.runsAgree());
        json.put("claims_that_hold", verification.claimsThatHold());
        return json;
    }

    private static ObjectNode claim(ClaimVerdict verdict) {
        Claim claim = verdict.claim();
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("id", claim.id());
        json.put("model", claim.model());
        json.put("context", claim.context());
        json.put("quantity", claim.quantity());
        json.put("claimed_as", claim.claimed().text());
        json.put("claimed", verdict.claimed());
        json.put("actual", verdict.actual());
        json.put("verdict", verdict.verdict().name().toLowerCase(Locale.ROOT));
        json.put("holds", verdict.holds());
        verdict.factor().ifPresent(factor -> json.put("factor", factor));
        ArrayNode explanations = json.putArray("explanations");
        verdict.explanations().forEach(explanations::add);
        json.put("summary", verdict.describe());
        return json;
    }
}
