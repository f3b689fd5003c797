package dev.flopscope.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.flopscope.cli.InProcess.Outcome;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code verify}. */
final class VerifyCommandTest {
    private static final String HEADER = "id,model,context,quantity,claimed,precision,parts\n";

    @TempDir
    private Path folder = Path.of("");

    private final ObjectMapper mapper = new ObjectMapper();

    @Test
    void quickRunsTheSmallModelAndJudgesEveryPublishedClaim() throws Exception {
        Outcome outcome = InProcess.in(folder).run("verify --quick --format json");
        assertThat(outcome.err()).isEmpty();
        assertThat(outcome.exitCode()).isZero();
        JsonNode json = mapper.readTree(outcome.out());
        assertThat(json.at("/runs")).hasSize(1);
        assertThat(json.at("/runs/0/flops/counted").asLong()).isEqualTo(349_630_365_696L);
        JsonNode scores = StreamSupport.stream(json.at("/claims").spliterator(), false)
                .filter(claim -> claim.at("/id").asText().equals("xl.block.attn_scores"))
                .findFirst()
                .orElseThrow();
        assertThat(scores.at("/actual").asLong()).isEqualTo(3_355_443_200L);
        assertThat(scores.at("/factor").asDouble()).isEqualTo(2);
        assertThat(scores.at("/holds").asBoolean()).isFalse();
        assertThat(scores.at("/explanations/0").asText()).contains("both products of attention");
    }

    @Test
    void ownClaimsThatHoldExitWithZero() throws Exception {
        Files.writeString(folder.resolve("own.csv"), HEADER + "a,gpt2-xl,1024,block.attn_scores,2*H*T*T*d,exact,\n");
        Outcome outcome = InProcess.in(folder).run("verify --claims ./own.csv");
        assertThat(outcome.exitCode()).isZero();
        assertThat(outcome.out()).contains("1 of 1 claims hold");
    }

    @Test
    void anOwnClaimThatIsOffExitsWithOne() throws Exception {
        Files.writeString(folder.resolve("own.csv"), HEADER + "a,gpt2-xl,1024,block.feed_forward,4*T*D*F,exact,\n");
        Outcome outcome = InProcess.in(folder).run("verify --claims ./own.csv --output ./verdict.csv");
        assertThat(outcome.exitCode()).isEqualTo(1);
        assertThat(outcome.out()).contains("two feed-forward");
        assertThat(Files.readAllLines(folder.resolve("verdict.csv"))).hasSize(2);
    }

    @Test
    void aBadClaimsFileNamesItsLine() throws Exception {
        Files.writeString(folder.resolve("own.csv"), HEADER + "a,gpt2-xl,1024,colour,1,exact,\n");
        Outcome outcome = InProcess.in(folder).run("verify --claims ./own.csv");
        assertThat(outcome.exitCode()).isEqualTo(65);
        assertThat(outcome.err())
                .startsWith("flopscope: ./own.csv:2")
                .contains("colour")
                .hasLineCount(1);
        Outcome missing = InProcess.in(folder).run("verify --claims ./missing.csv");
        assertThat(missing.exitCode()).isEqualTo(65);
        assertThat(missing.err()).contains("missing.csv: does not exist").hasLineCount(1);
        Files.writeString(folder.resolve("own.csv"), HEADER + "a,gpt9,1024,total,1,exact,\n");
        Outcome unknown = InProcess.in(folder).run("verify --claims ./own.csv");
        assertThat(unknown.exitCode()).isEqualTo(65);
        assertThat(unknown.err()).contains("own.csv:2").contains("gpt9").hasLineCount(1);
    }
}
