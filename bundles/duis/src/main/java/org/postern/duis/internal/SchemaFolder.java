package org.postern.duis.internal;

import java.io.IOException;
import java.io.InputStream;
import java.io.Reader;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.w3c.dom.ls.LSInput;
import org.w3c.dom.ls.LSResourceResolver;

/** Resolves the imports of a schema by file name in one folder only, never over the network. */
public final class SchemaFolder implements LSResourceResolver {

    private final Path folder;

    public SchemaFolder(Path folder) {
        this.folder = folder;
    }

    @Override
    public LSInput resolveResource(
            String type,
            @Nullable String namespace,
            @Nullable String publicId,
            @Nullable String systemId,
            @Nullable String baseUri) {
        String name = systemId == null
                ? ""
                : systemId.substring(systemId.lastIndexOf('/') + 1).replace("%20", " ");
        Path file = name.isEmpty() ? null : folder.resolve(name);
        String text = "";
        if (file != null && Files.isRegularFile(file)) {
            try {
                text = Files.readString(file, StandardCharsets.UTF_8);
            } catch (IOException e) {
                // with an empty resource, compiling the schema fails with a suitable message
                text = "";
            }
        }
        return new Found(text, publicId, file == null ? systemId : file.toUri().toString());
    }

    /** A resource with the given text. */
    private record Found(
            String text,
            @Nullable String publicId,
            @Nullable String systemId) implements LSInput {

        @Override
        public Reader getCharacterStream() {
            return new StringReader(text);
        }

        @Override
        public void setCharacterStream(Reader reader) {
            throw fixed();
        }

        @Override
        public @Nullable InputStream getByteStream() {
            return null;
        }

        @Override
        public void setByteStream(InputStream stream) {
            throw fixed();
        }

        @Override
        public String getStringData() {
            return text;
        }

        @Override
        public void setStringData(String data) {
            throw fixed();
        }

        @Override
        public @Nullable String getSystemId() {
            return systemId;
        }

        @Override
        public void setSystemId(String id) {
            throw fixed();
        }

        @Override
        public @Nullable String getPublicId() {
            return publicId;
        }

        @Override
        public void setPublicId(String id) {
            throw fixed();
        }

        @Override
        public @Nullable String getBaseURI() {
            return null;
        }

        @Override
        public void setBaseURI(String uri) {
            throw fixed();
        }

        @Override
        public @Nullable String getEncoding() {
            return null;
        }

        @Override
        public void setEncoding(String encoding) {
            throw fixed();
        }

        @Override
        public boolean getCertifiedText() {
            return false;
        }

        @Override
        public void setCertifiedText(boolean certified) {
            throw fixed();
        }

        private static IllegalStateException fixed() {
            return new IllegalStateException("a resolved resource is immutable");
        }
    }
}
