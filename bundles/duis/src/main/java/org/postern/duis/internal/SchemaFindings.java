package org.postern.duis.internal;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.postern.duis.DuisFault;
import org.xml.sax.ErrorHandler;
import org.xml.sax.SAXException;
import org.xml.sax.SAXParseException;

/**
 * What the schema finds fault with: the first rule broken and the element it belongs to. The parser's own messages
 * quote the value, which may be a customer's; only rule and element are kept.
 */
public final class SchemaFindings implements ErrorHandler {

    private static final Pattern RULE = Pattern.compile("^([a-zA-Z][A-Za-z0-9.-]*):");
    private static final Pattern ELEMENT =
            Pattern.compile("element '(?:\\{[^}']*\\}|[A-Za-z0-9]+:)?([A-Za-z0-9]{1,80})'");
    private static final Pattern QUOTED =
            Pattern.compile("with element '(?:\\{\"?[^}]*\\}|\\{[^}]*\\})?:?([A-Za-z0-9]{1,80})'");
    private static final int ENOUGH = 2;

    private @Nullable String rule;
    private @Nullable String element;
    private int count;

    /** True where nothing was found. */
    public boolean isEmpty() {
        return count == 0;
    }

    @Override
    public void warning(SAXParseException e) {
        // not a fault
    }

    @Override
    public void error(SAXParseException e) throws SAXException {
        String message = String.valueOf(e.getMessage());
        if (rule == null) {
            Matcher matcher = RULE.matcher(message);
            rule = matcher.find() ? matcher.group(1) : "schema";
        }
        // A value's fault comes twice: first the facet, then the element that has the value.
        if (element == null) {
            Matcher quoted = QUOTED.matcher(message);
            Matcher matcher = ELEMENT.matcher(message);
            element = quoted.find() ? quoted.group(1) : matcher.find() ? matcher.group(1) : null;
        }
        if (++count >= ENOUGH) {
            throw e;
        }
    }

    @Override
    public void fatalError(SAXParseException e) throws SAXException {
        error(e);
        throw e;
    }

    /** Complains if anything was found. */
    public void refuse() {
        if (count > 0) {
            throw DocumentParser.refused(
                    DuisFault.SCHEMA_INVALID,
                    element == null ? "document" : element,
                    "rule " + rule + " of the DUIS schema",
                    "broken",
                    "correct the document");
        }
    }
}
