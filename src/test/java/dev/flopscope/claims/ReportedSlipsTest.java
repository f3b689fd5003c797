package dev.flopscope.claims;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flopscope.config.ModelCatalog;
import dev.flopscope.flops.Account;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVRecord;
import org.junit.jupiter.api.Test;

/** Values that others reported right or wrong, with the reasons that they gave, in files beside the models. */
class ReportedSlipsTest {
    private static final Path FOLDER = Path.of("src/test/resources/claims");

    @Test
    void everyValueThatIsOffGetsItsCause() throws IOException {
        String text = Files.readString(FOLDER.resolve("off.csv"));
        CSVFormat format = CSVFormat.DEFAULT
                .builder()
                .setCommentMarker('#')
                .setHeader()
                .setSkipHeaderRecord(true)
                .get();
        Map<String, String> causes = format.parse(new StringReader(text)).stream()
                .collect(Collectors.toMap(row -> row.get("id"), (CSVRecord row) -> row.get("cause")));

        assertThat(check("off.csv")).hasSameSizeAs(causes.keySet()).allSatisfy(verdict -> {
            assertThat(verdict.verdict()).isEqualTo(Verdict.OFF);
            assertThat(verdict.explanations())
                    .as(verdict.claim().id())
                    .hasSizeBetween(1, 3)
                    .anyMatch(name -> name.contains(causes.get(verdict.claim().id())));
        });
    }

    @Test
    void everyValueThatHoldsIsSaidToHold() throws IOException {
        assertThat(check("holding.csv")).hasSize(11).allMatch(ClaimVerdict::holds);
    }

    private static List<ClaimVerdict> check(String file) throws IOException {
        Path path = FOLDER.resolve(file);
        ModelCatalog catalog = new ModelCatalog();
        return new ClaimsChecker((model, context) -> Account.of(catalog.find(model), 1, context))
                .check(ClaimsFile.read(path.toString(), Files.readString(path)));
    }
}
