package org.postern.console.internal;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.lang.reflect.Field;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.postern.appliance.AllowedFiles;
import org.postern.catalogue.Eui64;

/** Runs commands against services that a test provides, and collects what they print. */
abstract class CommandFixture {

    protected static final Eui64 METER = Eui64.parse("00DB1234567890A0");
    protected static final Instant TEN = Instant.parse("2026-01-02T10:00:00Z");

    /** What the last command printed, also where it failed. */
    protected String lastOutput = "";

    private final Map<Class<?>, Object> services = new HashMap<>();
    private final Services here = new Services() {
        @Override
        public <T> Optional<T> find(Class<T> type) {
            return Optional.ofNullable(type.cast(services.get(type)));
        }
    };

    /** Registers a service that answers by method name; the test fails if another method is called. */
    protected final <T> void provide(
            Class<T> type, Map<String, java.util.function.Function<Object[], Object>> answers) {
        services.put(
                type,
                type.cast(Proxy.newProxyInstance(
                        type.getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) -> {
                            if (!answers.containsKey(method.getName())) {
                                throw new AssertionError("unexpected call of " + method.getName());
                            }
                            return answers.get(method.getName()).apply(arguments);
                        })));
    }

    /** Allows commands to read and write in a folder. */
    protected final void allow(Path folder) {
        services.put(
                ConsoleFiles.class, new ConsoleFiles(new AllowedFiles(List.of(folder), List.of(), List.of()), folder));
    }

    protected final String print(PosternCommand command, boolean json) throws Exception {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);
        try {
            command.in(here, out, json).execute();
        } finally {
            lastOutput = bytes.toString(StandardCharsets.UTF_8);
        }
        return lastOutput;
    }

    /** Sets an argument or option as Karaf does, by its field. */
    protected static <T extends PosternCommand> T with(T command, String field, Object value) throws Exception {
        Field found = command.getClass().getDeclaredField(field);
        found.setAccessible(true);
        found.set(command, value);
        return command;
    }

    /** The first value of that member anywhere in the document, which has to be JSON to its end. */
    protected static String member(String json, String name) throws Exception {
        String value = null;
        try (JsonParser parser = new JsonFactory().createParser(json)) {
            for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
                if (token.isScalarValue() && name.equals(parser.currentName()) && value == null) {
                    value = parser.getText();
                }
            }
        }
        return value;
    }
}
