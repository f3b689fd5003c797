package dev.flopscope.schema;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.util.List;

/**
 * The file of an account.
 *
 * @param envelope its beginning
 * @param accounts one or several
 */
public record AccountFile(@JsonUnwrapped Envelope envelope, List<AccountRecord> accounts) {}
