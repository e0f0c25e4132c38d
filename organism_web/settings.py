"""Django's settings. What an installation can change comes from the environment: see the table in `environment.py`."""

from csp.constants import NONCE, NONE, SELF

from organism_web import addresses
from organism_web.environment import BY_NAME, ROOT, value_of
from organism_web.keys import kept_secret
from organism_web.logs import configuration_of_logs
from organism_web.sqlite import prefer_current_sqlite

prefer_current_sqlite()

# The installation
BASE_DIR = ROOT
STATE_DIR = value_of("STATE_DIR")
PRODUCTION = value_of("PRODUCTION")
DEBUG = value_of("DEBUG")
SECRET_KEY = value_of("SECRET_KEY") or kept_secret(STATE_DIR, "secret-key")
JOURNAL_KEY = value_of("JOURNAL_KEY") or kept_secret(STATE_DIR, "journal-key")
SEALING_KEYS = value_of("SEALING_KEYS") or [kept_secret(STATE_DIR, "sealing-key")]
ALLOWED_HOSTS = value_of("ALLOWED_HOSTS")
CSRF_TRUSTED_ORIGINS = value_of("TRUSTED_ORIGINS")
BIND = value_of("BIND")
PORT = value_of("PORT")

ENVIRONMENT_NAMES = frozenset(BY_NAME)

# The parts
INSTALLED_APPS = [
    "organism_web.apps.RoofConfig",
    "runs.apps.RunsConfig",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "axes",
    "csp",
    "django_filters",
    "django_htmx",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "drf_standardized_errors",
    "js_asset",
    "rules.apps.AutodiscoverRulesConfig",
    "template_partials",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    # Last, so that its answer to a locked-out visitor is what they see.
    "axes.middleware.AxesMiddleware",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [ROOT / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "csp.context_processors.nonce",
            ],
        },
    }
]
ROOT_URLCONF = "organism_web.urls"
ASGI_APPLICATION = "organism_web.asgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# What is kept, and what is carried between processes
DATABASES = {"default": addresses.database(value_of("DATABASE_URL"), state=STATE_DIR, pool=value_of("DATABASE_POOL"))}
CHANNEL_LAYERS = {"default": addresses.channel_layer(value_of("REDIS_URL"))}
CACHES = {"default": addresses.cache(value_of("REDIS_URL"))}

# Signing in: by e-mail address and password
AUTH_USER_MODEL = "runs.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "rules.permissions.ObjectPermissionBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in ("UserAttributeSimilarityValidator", "MinimumLengthValidator", "CommonPasswordValidator")
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "organism_web.accounts.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_UNIQUE_EMAIL = True
ACCOUNT_EMAIL_VERIFICATION = "optional"
ACCOUNT_SESSION_REMEMBER = True
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_TOTP_ISSUER = "Organism Web"
SIGN_UP = value_of("SIGN_UP")
AXES_FAILURE_LIMIT = 10
AXES_COOLOFF_TIME = 0.25  # hours
# Both together: a stranger's guesses lock neither the owner of the address nor everyone behind one proxy out.
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_USERNAME_CALLABLE = "organism_web.accounts.name_tried"
AXES_RESET_ON_SUCCESS = True
AXES_VERBOSE = False

# The browser's side of safety
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF, NONCE],  # the import map is inline and carries the nonce
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = PRODUCTION
SECURE_HSTS_SECONDS = value_of("HSTS_SECONDS") if PRODUCTION else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = PRODUCTION
if value_of("BEHIND_PROXY"):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    AXES_IPWARE_PROXY_COUNT = 1
    ALLAUTH_TRUSTED_PROXY_COUNT = 1

# Static files: straight from their folders, or collected, hashed and compressed in production
STATIC_URL = "static/"
STATIC_ROOT = STATE_DIR / "static"
STATIC_ROOT.mkdir(parents=True, exist_ok=True)  # whitenoise warns of a folder that is not there
STATICFILES_DIRS = [ROOT / "static"]
WHITENOISE_USE_FINDERS = not PRODUCTION
WHITENOISE_ALLOW_ALL_ORIGINS = False
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": STATE_DIR / "media"}},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if PRODUCTION
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}

# Times, words, mail, logs
USE_TZ = True
TIME_ZONE = value_of("TIME_ZONE")
USE_I18N = False
LANGUAGE_CODE = "en"
globals().update(addresses.mail(value_of("EMAIL_URL"), state=STATE_DIR))
DEFAULT_FROM_EMAIL = SERVER_EMAIL = value_of("EMAIL_FROM")
LOGGING = configuration_of_logs(level=value_of("LOG_LEVEL"), as_json=value_of("LOG_JSON"))
SILENCED_SYSTEM_CHECKS: list[str] = []

# The API
REST_FRAMEWORK = {
    "DEFAULT_SCHEMA_CLASS": "drf_standardized_errors.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "drf_standardized_errors.handler.exception_handler",
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_AUTHENTICATION_CLASSES": ["runs.api.tokens.TokenAuthentication", "rest_framework.authentication.SessionAuthentication"],
    "DEFAULT_PARSER_CLASSES": ["runs.api.parsers.JSONBody"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_FILTER_BACKENDS": ["django_filters.rest_framework.DjangoFilterBackend"],
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Organism Web",
    "VERSION": "v1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "REDOC_DIST": "SIDECAR",
    "ENUM_NAME_OVERRIDES": {
        name: f"drf_standardized_errors.openapi_serializers.{name}.choices"
        for name in (
            *("ValidationErrorEnum", "ClientErrorEnum", "ServerErrorEnum"),
            *(f"ErrorCode{status}Enum" for status in (401, 403, 404, 405, 406, 415, 429, 500)),
        )
    },
    "POSTPROCESSING_HOOKS": ["drf_standardized_errors.openapi_hooks.postprocess_schema_enums"],
}
