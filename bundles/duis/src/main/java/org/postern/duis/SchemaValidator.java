package org.postern.duis;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Stream;
import javax.xml.XMLConstants;
import javax.xml.transform.stream.StreamSource;
import javax.xml.validation.Schema;
import javax.xml.validation.SchemaFactory;
import javax.xml.validation.Validator;
import org.jspecify.annotations.Nullable;
import org.postern.duis.internal.SchemaFindings;
import org.postern.duis.internal.SchemaFolder;
import org.xml.sax.SAXException;

/**
 * Validates documents with the official DUIS schema, where the operator has installed it. The schema is compiled once.
 * Validators are not thread-safe, so each is used by one caller at a time. Without the schema every document is
 * accepted; the structural rules of {@link DuisReader} and {@link RequestRules} apply in any case.
 */
public final class SchemaValidator {

    private final Optional<Path> file;
    private final @Nullable Schema schema;
    private final ConcurrentLinkedQueue<Validator> idleValidators = new ConcurrentLinkedQueue<>();

    private SchemaValidator(Optional<Path> file, @Nullable Schema schema) {
        this.file = file;
        this.schema = schema;
    }

    /** A validator without a schema, which accepts every document. */
    public static SchemaValidator none() {
        return new SchemaValidator(Optional.empty(), null);
    }

    /**
     * A validator with the DUIS schema of a folder: the {@code .xsd} file whose name contains DUIS, the last of them in
     * alphabetical order. The MMC and XML signature schemas that it imports have to be in the same folder. Without the
     * folder or such a file: {@link #none()}.
     *
     * @throws DuisException PST-1031 where the file is not a schema, or imports a file that is not in the folder
     */
    public static SchemaValidator of(Path folder) {
        if (!Files.isDirectory(folder)) {
            return none();
        }
        try (Stream<Path> files = Files.list(folder)) {
            Optional<Path> found = files.filter(f ->
                            f.getFileName().toString().toUpperCase(Locale.ROOT).matches(".*DUIS.*\\.XSD"))
                    .max(Comparator.comparing(f -> f.getFileName().toString()));
            return found.isEmpty() ? none() : new SchemaValidator(found, compile(found.get(), folder));
        } catch (IOException e) {
            throw DuisException.of(
                    DuisFault.SCHEMAS_UNUSABLE,
                    "schemas",
                    "a readable folder",
                    e.getClass().getSimpleName(),
                    "check the permissions of the folder");
        }
    }

    private static Schema compile(Path file, Path folder) {
        try {
            // the implementation of the JDK, even if another bundle offers one
            SchemaFactory factory = SchemaFactory.newDefaultInstance();
            factory.setFeature(XMLConstants.FEATURE_SECURE_PROCESSING, true);
            factory.setProperty(XMLConstants.ACCESS_EXTERNAL_DTD, "file");
            factory.setProperty(XMLConstants.ACCESS_EXTERNAL_SCHEMA, "file");
            factory.setResourceResolver(new SchemaFolder(folder.toAbsolutePath()));
            return factory.newSchema(new StreamSource(file.toFile()));
        } catch (SAXException e) {
            throw new DuisException(
                    new org.postern.catalogue.Fault(
                            DuisFault.SCHEMAS_UNUSABLE,
                            file.getFileName().toString(),
                            "an XML schema whose imports are in the same folder",
                            "the schema does not compile",
                            "install the complete set of official schemas"),
                    e);
        }
    }

    /** True where a schema is installed. */
    public boolean installed() {
        return schema != null;
    }

    /** File name of the schema, for display. */
    public Optional<String> name() {
        return file.map(f -> f.getFileName().toString());
    }

    /**
     * Validates a document that {@link DuisReader} has accepted.
     *
     * @throws DuisException PST-1030, naming the element and the rule but never a value
     */
    public void validate(byte[] document) {
        if (schema == null) {
            return;
        }
        Validator validator = idleValidators.poll();
        if (validator == null) {
            validator = newValidator(schema);
        }
        SchemaFindings findings = new SchemaFindings();
        validator.setErrorHandler(findings);
        try {
            validator.validate(new StreamSource(new ByteArrayInputStream(document)));
        } catch (SAXException | IOException e) {
            if (findings.isEmpty()) {
                throw DuisException.of(
                        DuisFault.SCHEMA_INVALID,
                        "document",
                        "valid against the DUIS schema",
                        "the document cannot be read",
                        "correct the document");
            }
        } finally {
            validator.setErrorHandler(null);
            idleValidators.offer(validator);
        }
        findings.refuse();
    }

    private static Validator newValidator(Schema schema) {
        try {
            Validator validator = schema.newValidator();
            validator.setProperty(XMLConstants.ACCESS_EXTERNAL_DTD, "");
            validator.setProperty(XMLConstants.ACCESS_EXTERNAL_SCHEMA, "");
            return validator;
        } catch (SAXException e) {
            throw new IllegalStateException("the validator of the JDK supports these properties", e);
        }
    }
}
