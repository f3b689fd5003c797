package dev.flopscope.report.verify;

import com.fasterxml.jackson.databind.node.ObjectNode;
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
import dev.flopscope.report.account.AccountTables;
import dev.flopscope.report.record.AccountRecords;
import dev.flopscope.report.record.Byline;
import dev.flopscope.report.record.Envelopes;
import dev.flopscope.run.Measurement;
import dev.flopscope.run.SelfTestResult;
import dev.flopscope.run.SelfTestResult.Check;
import dev.flopscope.run.SelfTestResult.Fault;
import dev.flopscope.run.SelfTestResult.Notice;
import dev.flopscope.schema.Json;
import dev.flopscope.schema.VerifyFile;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;

/** Whether every planted fault was noticed, then each of them with the check that noticed it and what that said. */
public final class SelfTestReport implements Report {
    private static final String TITLE = "Self-test";

    private final SelfTestResult result;

    /** Reports {@code result}. */
    public SelfTestReport(SelfTestResult result) {
        this.result = result;
    }

    /** In a terminal, where a table has no room for them, the words of the checks follow it. */
    @Override
    public Document document() {
        return new Document(TITLE, blocks(false));
    }

    /** A browser breaks the lines of a table itself, so that the words of the checks stand in it. */
    @Override
    public Page page() {
        ObjectNode figures = json(List.of());
        return Page.of(new Document(TITLE, blocks(true)), Byline.of(figures), List.of(), figures);
    }

    private List<Block> blocks(boolean wordsInTable) {
        List<Block> blocks = new ArrayList<>(verdicts());
        Measurement sound = result.sound();
        blocks.add(new Facts(List.of(
                AccountTables.model(sound.account().model()),
                AccountTables.pass(sound.account(), ""),
                new Fact("engine", sound.spec().engine().label()),
                new Fact("logits", "held against those of a sound pass by " + result.reference()))));
        blocks.add(new Paragraph("A fault is noticed if the check notices it that must, whatever others see. Above the"
                + " count, a pass asks for other products than its model has. In the count, products are done and not"
                + " counted. Below it, what is counted is not what is done, which logits alone can show."));
        List<Column<Fault>> columns = new ArrayList<>(columns());
        if (wordsInTable) {
            columns.add(new Column<>("line", "what it says", Unit.PROSE, SelfTestReport::words));
        }
        blocks.add(Table.of("Planted faults", columns, result.faults()));
        if (!wordsInTable) {
            blocks.add(new Facts(result.faults().stream()
                    .filter(Fault::isNoticed)
                    .map(fault -> new Fact(fault.name(), words(fault)))
                    .toList()));
        }
        return blocks;
    }

    /** The sentence that decides, and one for everything that is not as it should be. */
    private List<Verdict> verdicts() {
        List<Verdict> verdicts = new ArrayList<>();
        int unnoticed = result.unnoticed().size();
        String all = Figures.count(result.faults().size());
        if (result.isSound()) {
            verdicts.add(new Verdict(
                    Tone.GOOD, "All " + all + " planted faults are noticed, and nothing is where there is no fault."));
        } else {
            verdicts.add(new Verdict(
                    Tone.BAD,
                    "FAILED: " + Figures.count(unnoticed) + " of " + all + " planted faults "
                            + (unnoticed == 1 ? "is" : "are") + " not noticed by the check that must"
                            + (result.disagreements().isEmpty()
                                    ? "."
                                    : ", and the pass without a fault is not as it should be.")));
        }
        result.unnoticed()
                .forEach(fault -> verdicts.add(new Verdict(
                        Tone.BAD,
                        "UNNOTICED: " + fault.name() + ", by " + fault.check().label() + ".")));
        result.disagreements()
                .forEach(notice -> verdicts.add(new Verdict(
                        Tone.BAD, "WITHOUT A FAULT: " + notice.check().label() + ": " + notice.line())));
        return verdicts;
    }

    private static List<Column<Fault>> columns() {
        return List.of(
                Column.words("fault", "fault", Fault::name),
                Column.words("place", "planted", fault -> fault.place().label()),
                Column.words("check", "must notice", fault -> fault.check().label()),
                Column.words("noticed_by", "noticed by", SelfTestReport::noticedBy),
                Column.verdict(
                        "verdict",
                        "verdict",
                        fault -> fault.isNoticed()
                                ? new Verdict(Tone.GOOD, "NOTICED")
                                : new Verdict(Tone.BAD, "UNNOTICED")));
    }

    private static String noticedBy(Fault fault) {
        return fault.noticedBy().isEmpty()
                ? "nothing"
                : fault.noticedBy().stream().map(Check::label).collect(Collectors.joining(", "));
    }

    /** The first line of the check that must notice, and how many there are beside it. */
    private static String words(Fault fault) {
        List<String> lines = fault.lines();
        if (lines.isEmpty()) {
            return "";
        }
        int more = lines.size() - 1;
        return lines.get(0) + (more == 0 ? "" : " (and " + Figures.counted(more, "more line") + ")");
    }

    @Override
    public CsvRows rows() {
        List<Column<Fault>> columns = new ArrayList<>(columns());
        columns.add(Column.words("line", "what it says", SelfTestReport::words));
        return CsvRows.of(columns, result.faults());
    }

    @Override
    public ObjectNode json(List<String> commandLine) {
        Measurement sound = result.sound();
        return Json.tree(new VerifyFile(
                Envelopes.of(
                        "verify",
                        commandLine,
                        sound.began(),
                        sound.machine(),
                        sound.spec().engine()),
                Account.CONVENTION,
                List.of(AccountRecords.of(sound, false)),
                List.of(),
                sound.agrees(),
                0,
                new VerifyFile.SelfTest(
                        result.reference().label(),
                        notices(result.disagreements()),
                        result.faults().stream().map(SelfTestReport::fault).toList(),
                        (long) result.faults().size() - result.unnoticed().size(),
                        result.isSound())));
    }

    private static VerifyFile.Fault fault(Fault fault) {
        return new VerifyFile.Fault(
                fault.name(),
                fault.place().label(),
                fault.check().label(),
                fault.isNoticed(),
                notices(fault.notices()));
    }

    private static List<VerifyFile.Notice> notices(Collection<Notice> notices) {
        return notices.stream()
                .map(notice -> new VerifyFile.Notice(notice.check().label(), notice.line()))
                .toList();
    }
}
