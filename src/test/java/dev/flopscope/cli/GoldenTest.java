package dev.flopscope.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flopscope.BusyMachine;
import dev.flopscope.schema.Schemas;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Holds everything that every command writes still: standard output, files, standard error and the exit code, but for what
 * {@link Measured} names.
 *
 * <p>{@code mvn test -Dtest=GoldenTest -Dgolden.update=true} writes the files anew; {@code -Dgolden.slow=true} adds
 * cases that take long.
 */
final class GoldenTest {
    /** A name, which is that of the golden file, and a command line; {@link Golden#expand} tells what words mean. */
    private static final String CASES = """
            help | --help
            help-command | help account
            help-account | account --help
            help-run | run --help
            help-profile | profile --help
            help-sweep | sweep --help
            help-compare | compare --help
            help-verify | verify --help
            help-hardware | hardware --help
            help-fit | fit --help
            help-logits | logits --help
            help-generate | generate --help
            help-generate-completion | generate-completion --help
            help-schema | schema --help
            schema | schema run
            version | --version

            account | account TINY FILES
            account-decode | account TINY --decode 3 --batch 2 --format json FILES
            account-causal | account GELU --attention causal --tile 4x8 --format md FILES
            account-side-by-side | account TINY GELU --batch 1,2 --context 8-32*2 --format csv --output OUT/report.txt
            account-side-by-side-decode | account TINY GELU --context 8 --decode 3 --format html FILES
            account-conventions | account TINY --convention all FILES
            account-convention-two | account TINY GELU --context 8,16 --convention kaplan --convention palm --format md FILES
            account-bridge | account GELU --bridge megatron:palm FILES
            account-shipped | account gpt2-small gpt2-medium gpt2-large gpt2-xl FILES
            account-contexts | account gpt2-xl --context 1024-16384*4 --attention tiled FILES

            run | run TINY --threads 1 FILES
            run-full | run TINY --threads 1 --attention full --batch 2 --engine openblas --format md FILES
            run-causal | run GELU --threads 2 --attention causal --tile 4x4 --batch 2 --seed 7 --format json FILES
            run-shared | run GELU --threads 1 --weights shared --context 20 --format html FILES
            run-text | run TINY --threads 1 --text INPUT/text.txt --format csv
            run-decode | run TINY --threads 1 --decode 3 FILES --trace OUT/trace.json

            generate | generate TINY --threads 1 --tokens 464,3139,286 --decode 4 FILES

            fit | fit TINY --threads 1 FILES
            fit-causal | fit GELU --threads 1 --attention causal --decode 3 --format md FILES

            profile | profile TINY --threads 1 --decode 3 --repetitions 2 --warm-up 0 FILES --trace OUT/trace.json

            sweep | sweep TINY --threads 1 --context 4,8,16 --repetitions 2 FILES
            sweep-causal | sweep GELU --threads 2 --attention causal --tile 4x4 --repetitions 1 --format csv
            sweep-shared | sweep GELU --threads 1 --attention full --weights shared --seed 7 --repetitions 1 --format json
            sweep-skipped | sweep TINY --threads 1 --batch 1,2000000 --repetitions 1 --format md FILES
            sweep-html | sweep GELU --threads 1 --repetitions 1 --format html

            compare | compare INPUT/before.json INPUT/after.json FILES
            compare-sites | compare INPUT/before.json INPUT/after.json --by site --format json --output OUT/report.txt
            compare-gate | compare INPUT/before.json INPUT/after.json --fail-above 5% --format csv
            compare-gate-held | compare INPUT/after.json INPUT/before.json --fail-above 5% --format md
            compare-margin | compare INPUT/before.json INPUT/after.json --margin 50% --format html
            compare-runs | compare INPUT/tiled-run.json INPUT/causal-run.json --fail-above 5% FILES
            compare-other-work | compare INPUT/tiled-run.json INPUT/shorter.json
            compare-run-sites | compare INPUT/tiled-run.json INPUT/causal-run.json --by site

            verify | verify --claims INPUT/claims.csv --threads 1 FILES
            verify-json | verify --claims INPUT/claims.csv --format json
            verify-csv | verify --claims INPUT/claims.csv --format csv
            verify-md | verify --claims INPUT/claims.csv --format md
            verify-html | verify --claims INPUT/claims.csv --format html
            verify-self-test | verify --self-test --threads 2
            verify-published | verify --claims models/published-claims.csv FILES

            hardware-described | hardware --threads 1 --no-measure FILES
            hardware-csv | hardware --threads 1 --no-measure --engine openblas --format csv
            hardware-json | hardware --threads 1 --no-measure --format json
            hardware-md | hardware --threads 1 --no-measure --format md
            hardware-html | hardware --threads 1 --no-measure --format html

            error-no-command |
            error-command | walk
            error-option | run TINY --speed 3
            error-no-model | run
            error-model | run gpt5
            error-model-file | account OUT/none.json
            error-model-data | account INPUT/before.json
            error-format | account TINY --format pdf
            error-ending | account TINY --output OUT/report.pdf
            error-folder | account TINY --output OUT/none/report.json
            error-number | run TINY --threads 0
            error-tile | run TINY --attention full --tile 4x4
            error-attention | account TINY --attention sparse
            error-tokens | run TINY --tokens 99999999
            error-claims | verify --claims INPUT/text.txt
            error-compare | compare INPUT/claims.csv INPUT/before.json
            error-trace | run TINY --trace OUT/trace.txt
            error-resume | sweep TINY --resume
            error-memory | run TINY --threads 1 --batch 2000000
            error-too-large | account gpt2-xl --context 2147483647 --batch 2147483647
            """;

    /** More of what measures the machine, or warms up often, and so takes long: about a minute. */
    private static final String SLOW_CASES = """
            profile-by-site | profile GELU --threads 1 --by site --top 30 --batch 2 --attention causal --tile 4x4 --repetitions 2 --warm-up 0 --output OUT/report.csv
            profile-by-layer | profile TINY --threads 2 --by layer --engine openblas --repetitions 2 --warm-up 0 --output OUT/report.csv --output OUT/report.md
            run-decode-batch | run GELU --threads 2 --decode 2 --batch 2 --format json FILES
            run-tokens | run TINY --threads 1 --tokens 464,3139,286 FILES
            sweep-many | sweep TINY GELU --threads 1,2 --attention full,tiled --tile 4x4 --context 4,8,12 --repetitions 1
            hardware | hardware --threads 2 FILES
            """;

    @TempDir
    private Path folder = Path.of("");

    static Stream<Golden> cases() {
        return Golden.table(CASES);
    }

    static Stream<Golden> slowCases() {
        return Golden.table(SLOW_CASES);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("cases")
    void theOutputIsAsItWas(Golden golden) throws IOException {
        GoldenFile.hold(golden.name(), transcript(golden));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("slowCases")
    @EnabledIfSystemProperty(named = "golden.slow", matches = "true")
    void theOutputOfSlowCasesIsAsItWas(Golden golden) throws IOException {
        GoldenFile.hold(golden.name(), transcript(golden));
    }

    /** A case that is renamed or goes leaves no file behind. */
    @Test
    void everyGoldenFileIsOfACase() throws IOException {
        assertThat(GoldenFile.names())
                .isSubsetOf(
                        Stream.concat(cases(), slowCases()).map(Golden::name).toList());
    }

    /** Runs the command and writes down all that it gave. */
    private String transcript(Golden golden) throws IOException {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int code = Main.commandLine(new PrintWriter(out, true), new PrintWriter(err, true))
                .execute(golden.expand(folder));
        StringBuilder text = new StringBuilder("$ flopscope " + golden.command() + "\nexit code " + code + "\n");
        String standard = shown(golden, golden.standardOutput(), out.toString());
        if (code <= 1 && golden.standardOutput().endsWith("json")) {
            Schemas.hold(JsonMask.read(out.toString()));
        }
        add(text, "standard output", standard);
        String said = BusyMachine.withoutProgress(err.toString());
        add(text, "standard error", shown(golden, "standard error", said));
        for (Path file : files()) {
            String name = file.getFileName().toString();
            if (name.equals("report.json")) {
                Schemas.hold(JsonMask.read(Files.readString(file)));
            }
            String content = shown(golden, name, Files.readString(file));
            add(text, name, content.equals(standard) ? "(as standard output)\n" : content);
        }
        return text.toString();
    }

    private String shown(Golden golden, String name, String text) {
        return golden.masked(name, text.replace(folder.toString(), "OUT"));
    }

    private static void add(StringBuilder text, String title, String content) {
        if (!content.isEmpty()) {
            text.append("\n──── ").append(title).append(" ────\n").append(content);
        }
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.sorted(Comparator.comparing(Path::toString)).toList();
        }
    }
}
