package org.postern.parsecorrelate;

import java.util.Objects;
import org.postern.parsecorrelate.internal.mmc.JsonWriter;
import org.postern.parsecorrelate.internal.mmc.XmlWriter;

/**
 * An MMC document as a tree of elements, written as XML or JSON. Immutable.
 *
 * @param root the element {@code GBCSResponse}
 */
public record MmcDocument(MmcElement root) {

    /** Namespace of every element. */
    public static final String NAMESPACE = "http://www.dccinterface.co.uk/ResponseAndAlert";

    public MmcDocument {
        Objects.requireNonNull(root, "root");
    }

    /** The document as XML in UTF-8, with declaration, in the schema's order and without line breaks. */
    public byte[] xml() {
        return XmlWriter.write(root);
    }

    /**
     * The same tree as one JSON object: an element is a member; attributes are members whose names begin with
     * {@code @}; the text of an element that has attributes is the member {@code #}; adjacent elements of the same name
     * are an array.
     */
    public String json() {
        return JsonWriter.write(root);
    }
}
