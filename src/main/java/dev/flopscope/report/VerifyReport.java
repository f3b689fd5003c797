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
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Executed passes and claims, one line each. */
public final class VerifyReport implements Report {
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
            blocks.add(new Facts(List.of(MeasurementWords.machine(machine), MeasurementWords.blas(machine))));
            blocks.add(runs());
            verification.runs().stream()
                    .flatMap(run -> run.prefill().disagreements().stream()
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
                                Json.seconds(run.prefill().typical().wallNanoseconds())))
                .text("verdict", run -> run.agrees() ? "agrees" : "DISAGREES")
                .table("Executed and held against the closed forms, site by site", verification.runs());
    }

    private static String line(ClaimVerdict verdict) {
        String claimed = "claimed " + verdict.claim().claimed() + ", ";
        return verdict.holds()
                ? claimed + verdict.describe()
                : claimed + "is " + Figures.decimal(verdict.actual()) + ": " + verdict.describe();
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
        verification
                .runs()
                .forEach(run -> rows.add(Json.object()
                        .put("check", "run")
                        .put("model", run.account().model().name())
                        .put("context", run.account().context())
                        .put("quantity", "flops")
                        .put("claimed", run.prefill().countedFlops())
                        .put("actual", run.prefill().reconciliation().expectedFlops())
                        .put("holds", run.agrees())
                        .put("verdict", run.agrees() ? "agrees" : "disagrees")));
        verification
                .claims()
                .forEach(verdict -> rows.add(claim(verdict)
                        .put("check", verdict.claim().id())
                        .put("verdict", verdict.describe())
                        .put("claimed", verdict.claimed().toPlainString())
                        .put("actual", verdict.actual().toPlainString())));
        return CsvRows.of("check,model,context,quantity,claimed,actual,holds,verdict", rows);
    }

    @Override
    public ObjectNode json() {
        ObjectNode json = Json.object().put("convention", Account.CONVENTION);
        json.set("runs", Json.array(verification.runs(), run -> new RunReport(run).json()));
        json.set("claims", Json.array(verification.claims(), VerifyReport::claim));
        json.put("runs_agree", verification.runsAgree());
        json.put("claims_that_hold", verification.claimsThatHold());
        return json;
    }

    private static ObjectNode claim(ClaimVerdict verdict) {
        Claim claim = verdict.claim();
        ObjectNode json = Json.object()
                .put("id", claim.id())
                .put("model", claim.model())
                .put("context", claim.context())
                .put("quantity", claim.quantity())
                .put("claimed_as", claim.claimed())
                .put("claimed", verdict.claimed())
                .put("actual", verdict.actual())
                .put("verdict", verdict.verdict().name().toLowerCase(Locale.ROOT))
                .put("holds", verdict.holds());
        verdict.factor().ifPresent(factor -> json.put("factor", factor));
        json.set("explanations", Json.texts(verdict.explanations()));
        json.put("summary", verdict.describe());
        return json;
    }
}
