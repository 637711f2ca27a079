package wire

// Language is the language of a frame's sender (Java: LanguageCode).
type Language uint8

// The languages that Java knows.
const (
	LanguageJava   Language = 0
	LanguageCPP    Language = 1
	LanguageDotNet Language = 2
	LanguagePython Language = 3
	LanguageDelphi Language = 4
	LanguageErlang Language = 5
	LanguageRuby   Language = 6
	LanguageOther  Language = 7
	LanguageHTTP   Language = 8
	LanguageGo     Language = 9
	LanguagePHP    Language = 10
	LanguageOMS    Language = 11
	LanguageRust   Language = 12
	LanguageNodeJS Language = 13
)

var languageNames = [...]string{
	"JAVA", "CPP", "DOTNET", "PYTHON", "DELPHI", "ERLANG", "RUBY", "OTHER", "HTTP", "GO", "PHP", "OMS", "RUST", "NODE_JS",
}

// String returns the name that JSON headers carry; codes that Java does not know are OTHER.
func (l Language) String() string {
	if int(l) < len(languageNames) {
		return languageNames[l]
	}
	return languageNames[LanguageOther]
}

// parseLanguage accepts what fastjson accepts for an enum: its name in any case, or its ordinal, which for the codes
// known so far is the code itself. Anything else is OTHER, as a newer peer may know languages that we do not.
func parseLanguage(b []byte) Language {
	for i, name := range languageNames {
		if equalFoldASCII(b, name) {
			return Language(i)
		}
	}
	if n, err := ParseInt32(b); err == nil && n >= 0 && int(n) < len(languageNames) {
		return Language(n)
	}
	return LanguageOther
}

// equalFoldASCII compares with a name in upper case.
func equalFoldASCII(b []byte, upper string) bool {
	if len(b) != len(upper) {
		return false
	}
	for i, c := range b {
		if 'a' <= c && c <= 'z' {
			c -= 'a' - 'A'
		}
		if c != upper[i] {
			return false
		}
	}
	return true
}
