/**
 * Where operations of ND4J are seen as they are executed, whoever's program asks for them: an executioner and a factory that
 * take the places of ND4J's own. Nothing is counted here; an {@link dev.flopscope.nd4j.OperationListener} is told.
 *
 * <p>ND4J keeps one executioner and one factory for a process in static fields, and so the list of listeners is static here:
 * the one exception to the rule that nothing in this project is.
 */
@NullMarked
package dev.flopscope.nd4j;

import org.jspecify.annotations.NullMarked;
