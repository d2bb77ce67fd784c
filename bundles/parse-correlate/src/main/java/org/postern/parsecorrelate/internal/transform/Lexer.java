package org.postern.parsecorrelate.internal.transform;

import java.util.ArrayList;
import java.util.List;

/** Splits a rule file into tokens. White space and {@code #} comments only separate tokens. */
final class Lexer {

    enum Kind {
        WORD,
        NUMBER,
        TEXT,
        BYTES,
        VARIABLE,
        OBJECT,
        SYMBOL,
        END
    }

    record Token(Kind kind, String text, int line) {

        boolean is(String symbol) {
            return (kind == Kind.SYMBOL || kind == Kind.WORD) && text.equals(symbol);
        }
    }

    private static final java.util.Set<String> DOUBLE_SYMBOLS = java.util.Set.of("!=", "<=", ">=");

    private final String source;
    private final List<Token> tokens = new ArrayList<>();
    private int at;
    private int line = 1;

    Lexer(String source) {
        this.source = source;
    }

    List<Token> tokens(String file) {
        while (at < source.length()) {
            char c = source.charAt(at);
            if (c == '\n') {
                line++;
                at++;
            } else if (Character.isWhitespace(c)) {
                at++;
            } else if (c == '#') {
                while (at < source.length() && source.charAt(at) != '\n') {
                    at++;
                }
            } else {
                token(c, file);
            }
        }
        tokens.add(new Token(Kind.END, "end of file", line));
        return tokens;
    }

    private void token(char c, String file) {
        int from = at;
        if (c == '\'') {
            int end = source.indexOf('\'', at + 1);
            if (end < 0) {
                throw new TableError(file, line, "text without a closing quote");
            }
            at = end + 1;
            add(Kind.TEXT, source.substring(from + 1, end));
        } else if (c == '<'
                && source.indexOf('>', at) > 0
                && source.substring(at + 1, source.indexOf('>', at)).matches("[0-9A-Fa-f ]*")) {
            // bytes literal <00 0A>; the closing mark distinguishes it from "less than"
            at = source.indexOf('>', at) + 1;
            add(Kind.BYTES, source.substring(from + 1, at - 1).replace(" ", ""));
        } else if (c == '`') {
            int end = source.indexOf('`', at + 1);
            if (end < 0) {
                throw new TableError(file, line, "object without a closing mark");
            }
            at = end + 1;
            add(Kind.OBJECT, source.substring(from + 1, end));
        } else if (c == '$') {
            at++;
            word();
            add(Kind.VARIABLE, source.substring(from + 1, at));
        } else if (Character.isLetter(c) || c == '_') {
            word();
            add(Kind.WORD, source.substring(from, at));
        } else if (Character.isDigit(c)) {
            while (at < source.length() && (Character.isLetterOrDigit(source.charAt(at)) || source.charAt(at) == '.')) {
                at++;
            }
            add(Kind.NUMBER, source.substring(from, at));
        } else {
            int width = at + 1 < source.length() && DOUBLE_SYMBOLS.contains(source.substring(at, at + 2)) ? 2 : 1;
            if (width == 1 && "(){}[],;=+-*/@.!<>|:".indexOf(c) < 0) {
                throw new TableError(file, line, "unexpected character " + c);
            }
            at += width;
            add(Kind.SYMBOL, source.substring(from, at));
        }
    }

    private void word() {
        while (at < source.length() && (Character.isLetterOrDigit(source.charAt(at)) || source.charAt(at) == '_')) {
            at++;
        }
    }

    private void add(Kind kind, String text) {
        tokens.add(new Token(kind, text, line));
    }
}
