package org.postern.duis.internal;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.postern.duis.DuisFault;
import org.xml.sax.ErrorHandler;
import org.xml.sax.SAXException;
import org.xml.sax.SAXParseException;

/**
 * The errors of a validation against the schema: the first violated rule and its element. The messages of the validator
 * quote values, which may be personal data, so only the rule and the element are stored.
 */
public final class SchemaFindings implements ErrorHandler {

    private static final Pattern RULE = Pattern.compile("^([a-zA-Z][A-Za-z0-9.-]*):");
    private static final Pattern ELEMENT =
            Pattern.compile("element '(?:\\{[^}']*\\}|[A-Za-z0-9]+:)?([A-Za-z0-9]{1,80})'");
    private static final Pattern QUOTED =
            Pattern.compile("with element '(?:\\{\"?[^}]*\\}|\\{[^}]*\\})?:?([A-Za-z0-9]{1,80})'");
    private static final int MAX_ERRORS = 2;

    private @Nullable String rule;
    private @Nullable String element;
    private int count;

    /** True where no error was reported. */
    public boolean isEmpty() {
        return count == 0;
    }

    @Override
    public void warning(SAXParseException e) {
        // a warning is not an error
    }

    @Override
    public void error(SAXParseException e) throws SAXException {
        String message = String.valueOf(e.getMessage());
        if (rule == null) {
            Matcher matcher = RULE.matcher(message);
            rule = matcher.find() ? matcher.group(1) : "schema";
        }
        // a wrong value is reported twice: first its facet, then the element
        if (element == null) {
            Matcher quoted = QUOTED.matcher(message);
            Matcher matcher = ELEMENT.matcher(message);
            element = quoted.find() ? quoted.group(1) : matcher.find() ? matcher.group(1) : null;
        }
        if (++count >= MAX_ERRORS) {
            throw e;
        }
    }

    @Override
    public void fatalError(SAXParseException e) throws SAXException {
        error(e);
        throw e;
    }

    /** Throws PST-1030 if an error was reported. */
    public void refuse() {
        if (count > 0) {
            throw DocumentParser.refused(
                    DuisFault.SCHEMA_INVALID,
                    element == null ? "document" : element,
                    "rule " + rule + " of the DUIS schema",
                    "violated",
                    "correct the document");
        }
    }
}
