package dev.flopscope;

import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import dev.flopscope.ArchitectureRules.Case;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** The program keeps every rule, and each rule is shown a breach that it must see. */
class ArchitectureTest {
    static final List<Case> RULES = ArchitectureRules.rules();

    private static final JavaClasses PROGRAM = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("dev.flopscope");

    @ParameterizedTest
    @FieldSource("RULES")
    void theProgramKeepsTheRule(Case rule) {
        rule.rule().check(PROGRAM);
    }

    /** A rule that sees nothing would hold as well. */
    @ParameterizedTest
    @FieldSource("RULES")
    void theRuleSeesEachBreach(Case rule) {
        for (Class<?> breach : rule.breaches()) {
            JavaClasses planted = new ClassFileImporter().importClasses(breach);
            assertThatThrownBy(() -> rule.rule().check(planted))
                    .as(breach.getSimpleName())
                    .isInstanceOf(AssertionError.class)
                    .hasMessageContaining(breach.getSimpleName());
        }
    }

    @Test
    void everyClassIsInARoomThatHasARule() {
        Set<String> found = PROGRAM.stream()
                .map(type -> type.getPackageName().substring(ArchitectureRules.ROOT.length()))
                .collect(Collectors.toSet());
        assertThat(found)
                .containsExactlyInAnyOrderElementsOf(
                        Rooms.ALL.stream().map(Map.Entry::getKey).toList());
    }

    /** A room names only rooms that come before it in the list, so that nothing goes upward. */
    @Test
    void roomsNameOnlyRoomsBelowThem() {
        List<String> below = new ArrayList<>();
        for (Map.Entry<String, Set<String>> room : Rooms.ALL) {
            assertThat(below).as(room.getKey()).containsAll(room.getValue());
            below.add(room.getKey());
        }
    }

    @Test
    void thereIsNoCircle() {
        slices().matching(ArchitectureRules.ROOT + "(**)")
                .should()
                .beFreeOfCycles()
                .check(PROGRAM);
    }

    /** The rule against circles, with classes for rooms. */
    @Test
    void aCircleWouldBeSeen() {
        SliceAssignment eachClass = new SliceAssignment() {
            @Override
            public SliceIdentifier getIdentifierOf(JavaClass type) {
                return SliceIdentifier.of(type.getSimpleName());
            }

            @Override
            public String getDescription() {
                return "each class";
            }
        };
        JavaClasses circle = new ClassFileImporter()
                .importClasses(ArchitectureBreaches.HalfACircle.class, ArchitectureBreaches.OtherHalf.class);
        assertThatThrownBy(() -> slices().assignedFrom(eachClass)
                        .should()
                        .beFreeOfCycles()
                        .check(circle))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("HalfACircle");
    }

    /** The engines that rules of products make exceptions of are there, and do multiply. */
    @Test
    void exceptionsAreReal() {
        assertThat(Stream.of("Nd4jEngine", "OneDnnEngine"))
                .allMatch(engine -> PROGRAM.stream().anyMatch(ArchitectureRules.partOf(engine)));
        assertThat(PROGRAM.stream()
                        .filter(ArchitectureRules.partOf("Nd4jEngine"))
                        .flatMap(type -> type.getAccessesFromSelf().stream()))
                .anyMatch(ArchitectureRules::callsAProduct);
    }
}
