use std::{
    convert::Infallible,
    io,
    net::{IpAddr, Ipv4Addr, SocketAddr, TcpListener},
    sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard},
};

use axum::{
    Router,
    extract::DefaultBodyLimit,
    http::{StatusCode, header},
    middleware,
    response::{IntoResponse, Response},
    routing::{get, post},
};
use klantreis_index::Index;

use crate::{
    act,
    desk::Desk,
    engine::Engine,
    guard::guard,
    learning::{self, Learning},
    map::Map,
    pages, people, saving,
    session::Sessions,
    themes::Themes,
    trial::Trial,
};

/// What a request may send at most, in bytes: a long memo fits many times.
const LARGEST: usize = 64 << 10;

/// Where to listen and for whom.
#[derive(Clone, Debug)]
pub struct Options {
    /// The address: this computer alone, unless someone asks for more.
    pub host: IpAddr,
    /// The port; 0 takes a free one.
    pub port: u16,
    /// Who opens the first link.
    pub who: String,
}

impl Default for Options {
    fn default() -> Self {
        Self { host: IpAddr::V4(Ipv4Addr::LOCALHOST), port: 0, who: "onderzoeker".to_owned() }
    }
}

/// Why the pages can't be served.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// The port is taken, or not ours to take.
    #[error("{0}: can't listen there ({1}); leave --port out to take a free one")]
    Listen(SocketAddr, io::Error),
    /// Something else that the system refuses.
    #[error("the pages can't be served: {0}")]
    Io(#[from] io::Error),
    /// There is no source of randomness for the secret link.
    #[error("no secret link can be made: {0}")]
    Secret(#[from] getrandom::Error),
}

/// What all requests share.
pub struct App {
    /// The names that we are called by, with the port.
    pub hosts: Vec<String>,
    /// Where any address of this computer will do, the port.
    pub any_address: Option<u16>,
    /// Who may come in.
    pub sessions: Sessions,
    /// The pipeline.
    pub engine: Arc<dyn Engine>,
    /// What became of learning.
    pub learning: Mutex<Learning>,
    desk: RwLock<Desk>,
    index: Versioned<Index>,
    map: Versioned<Map>,
    themes: Versioned<Themes>,
}

/// Something made of all interviews, with the version of the desk that it was made of.
struct Versioned<T>(Mutex<Option<(u64, Arc<T>)>>);

impl<T> Versioned<T> {
    /// What is kept, if it is of this version; else it is made anew. Nobody has to wait for that who does not ask for it.
    fn get<E>(&self, version: u64, make: impl FnOnce() -> Result<T, E>) -> Result<Arc<T>, E> {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((of, made)) = &*kept
            && *of == version
        {
            return Ok(Arc::clone(made));
        }
        let made = Arc::new(make()?);
        *kept = Some((version, Arc::clone(&made)));
        Ok(made)
    }
}

impl App {
    /// The desk, to look at.
    pub fn desk(&self) -> RwLockReadGuard<'_, Desk> {
        self.desk.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// The desk, to write on.
    pub fn desk_mut(&self) -> RwLockWriteGuard<'_, Desk> {
        self.desk.write().unwrap_or_else(PoisonError::into_inner)
    }

    /// What became of learning.
    pub fn learning(&self) -> MutexGuard<'_, Learning> {
        self.learning.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The index of what the desk holds now. Ask before taking the desk: while it is made, people decide on.
    pub fn index(&self) -> Result<Arc<Index>, String> {
        let (version, coded) = {
            let desk = self.desk();
            (desk.version, desk.coded.clone())
        };
        self.index.get(version, || self.engine.index(&coded))
    }

    /// The map of what the desk holds now. Ask before taking the desk.
    pub fn map(&self) -> Arc<Map> {
        let (version, coded, study) = {
            let desk = self.desk();
            (desk.version, desk.coded.clone(), desk.study.clone())
        };
        let Ok(map) = self.map.get(version, || Ok::<_, Infallible>(Map::of(&study, &coded)));
        map
    }

    /// The themes of what the desk holds now. Ask before taking the desk.
    pub fn themes(&self) -> Arc<Themes> {
        let (version, coded, study, codebook) = {
            let desk = self.desk();
            (desk.version, desk.coded.clone(), desk.study.clone(), desk.codebook.clone())
        };
        let Ok(themes) = self.themes.get(version, || Ok::<_, Infallible>(Themes::of(&study, &codebook, &coded)));
        themes
    }

    /// What cues would find in what the desk holds now. Ask before taking the desk.
    pub fn trial(&self, cues: &[String], all: bool) -> Trial {
        let coded = self.desk().coded.clone();
        Trial::of(coded, cues, all)
    }

    /// Whether a request's `Host` is ours. A name that someone else points at this computer is not; a bare address can't be
    /// pointed anywhere.
    pub fn is_ours(&self, host: &str) -> bool {
        let address = || host.parse::<SocketAddr>().is_ok_and(|a| Some(a.port()) == self.any_address);
        self.hosts.iter().any(|ours| ours.eq_ignore_ascii_case(host)) || address()
    }
}

/// Serves the study until the program is stopped. `ready` is told the one-time link.
pub fn serve(
    desk: Desk,
    engine: Arc<dyn Engine>,
    options: &Options,
    ready: impl FnOnce(&str),
) -> Result<(), ServeError> {
    let wanted = SocketAddr::new(options.host, options.port);
    let listener = TcpListener::bind(wanted).map_err(|e| ServeError::Listen(wanted, e))?;
    let address = listener.local_addr()?;
    let port = address.port();
    let names = ["127.0.0.1".to_owned(), "localhost".to_owned(), "[::1]".to_owned()];
    let mut hosts: Vec<String> = names.iter().map(|name| format!("{name}:{port}")).collect();
    hosts.push(address.to_string());
    let app = Arc::new(App {
        hosts,
        any_address: options.host.is_unspecified().then_some(port),
        sessions: Sessions::default(),
        engine,
        learning: Mutex::default(),
        desk: RwLock::new(desk),
        index: Versioned(Mutex::new(None)),
        map: Versioned(Mutex::new(None)),
        themes: Versioned(Mutex::new(None)),
    });
    let warm = Arc::clone(&app);
    let shown = if options.host.is_unspecified() { format!("127.0.0.1:{port}") } else { address.to_string() };
    let link = format!("http://{shown}/open?token={}", app.sessions.invite(&options.who)?);
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(4).enable_all().build()?;
    runtime.block_on(async {
        listener.set_nonblocking(true)?;
        let listener = tokio::net::TcpListener::from_std(listener)?;
        ready(&link);
        // The first search and the first look at the map need not wait for all interviews; nor does who stops the program.
        std::thread::spawn(move || (warm.index().is_ok(), warm.map()));
        let stop = async {
            let _ = tokio::signal::ctrl_c().await;
        };
        let running = axum::serve(listener, router(app)).into_future();
        // A browser keeps its connections open: who stops the program does not wait for them.
        tokio::select! {
            result = running => result,
            () = stop => Ok(()),
        }
    })?;
    Ok(())
}

fn router(app: Arc<App>) -> Router {
    Router::new()
        .route("/", get(pages::start))
        .route("/open", get(pages::open))
        .route("/lezen", get(pages::read))
        .route("/paneel", get(pages::panel))
        .route("/beoordelen", get(pages::judge))
        .route("/zoeken", get(pages::search))
        .route("/zoeken.csv", get(pages::search_csv))
        .route("/klantreis", get(pages::journey))
        .route("/overeenstemming", get(pages::agreement))
        .route("/codeboek", get(pages::codebook))
        .route("/codeboek/code", get(pages::code))
        .route("/api/act", post(act::act))
        .route("/api/since", get(act::since))
        .route("/api/learn", post(learning::learn).get(learning::learning))
        .route("/api/reread", post(learning::reread))
        .route("/api/code", post(saving::code))
        .route("/api/split", post(saving::split))
        .route("/api/theme", post(saving::theme))
        .route("/api/query", post(saving::query))
        .route("/api/name", post(people::name))
        .route("/api/invite", post(people::invite))
        .route("/app.css", get(|| asset("text/css; charset=utf-8", include_str!("assets/app.css"))))
        .route("/app.js", get(|| asset("text/javascript; charset=utf-8", include_str!("assets/app.js"))))
        .route("/icon.svg", get(|| asset("image/svg+xml", include_str!("assets/icon.svg"))))
        .fallback(|| async { (StatusCode::NOT_FOUND, "There is no such page.") })
        .layer(DefaultBodyLimit::max(LARGEST))
        .layer(middleware::from_fn_with_state(Arc::clone(&app), guard))
        .with_state(app)
}

async fn asset(kind: &'static str, text: &'static str) -> Response {
    ([(header::CONTENT_TYPE, kind), (header::CACHE_CONTROL, "no-cache")], text).into_response()
}
